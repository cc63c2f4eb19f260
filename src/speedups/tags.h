/* What several files ask of the nodes' tags and attributes. */
#ifndef DECLUTTER_TAGS_H
#define DECLUTTER_TAGS_H

#include "speedups.h"

/* The number that a dict gives each tag of a list, 0 for one that it has not. 0, or -1 with an exception. */
int tag_numbers(PyObject *tags, PyObject *numbers, int32_t *of_node);

/* One attribute of a tuple of them, borrowed; the value is NULL for one without. 0, or -1 with an exception. */
int pair_of(PyObject *attributes, Py_ssize_t place, PyObject **key, PyObject **value);

#endif
