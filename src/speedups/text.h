/* A growing text of code points, and what str does to white space. */
#ifndef DECLUTTER_TEXT_H
#define DECLUTTER_TEXT_H

#include "speedups.h"

/* All zeros to begin with; PyMem_Free(data) at the end. */
typedef struct {
    Py_UCS4 *data;
    Py_ssize_t length;
    Py_ssize_t room;
} Characters;

/* These give 0, or -1 with an exception. */
int characters_reserve(Characters *text, Py_ssize_t more);
int characters_add(Characters *text, PyObject *string);
int characters_add_one(Characters *text, Py_UCS4 character);
/* " ".join(from.split()); `from` must be of another text. */
int characters_add_collapsed(Characters *text, const Py_UCS4 *from, Py_ssize_t length);

PyObject *characters_string(const Characters *text);

/* " ".join(string.split()), by way of two texts that are overwritten. */
PyObject *collapsed(PyObject *string, Characters *raw, Characters *text);

/* Whether all characters of a str that is_text are white space; an empty one is. */
int is_blank(PyObject *string);

#endif
