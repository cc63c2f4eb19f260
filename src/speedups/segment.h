/* The walk over a page, and the function of the module that sets it up. */
#ifndef DECLUTTER_SEGMENT_H
#define DECLUTTER_SEGMENT_H

#include "run.h"

/* The value of the first attribute of that name, borrowed; NULL where there is none, `none` for one without a value.
 * This and all that follow give 0, or -1 with an exception; a label is NULL where an element has none. */
int attribute(const Document *page, Py_ssize_t node, const char *name, PyObject *none, PyObject **found);

int add_input(Run *run, int32_t node, PyObject *label, int hidden);
int add_select(Run *run, int32_t node, PyObject *label, int hidden);

/* Cut a page into blocks; `open` is an empty stack. */
int walk_page(Document *page, Run *run, Rows *open);

#endif
