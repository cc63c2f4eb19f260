/* What several files ask of the nodes' tags and attributes. */
#ifndef DECLUTTER_TAGS_H
#define DECLUTTER_TAGS_H

#include "speedups.h"

#include <string.h>

/* The number that a dict gives each tag of a list, 0 for one that it has not. 0, or -1 with an exception. */
int tag_numbers(PyObject *tags, PyObject *numbers, int32_t *of_node);

/* One attribute of a tuple of them, borrowed; the value is NULL for one without. 0, or -1 with an exception. */
int pair_of(PyObject *attributes, Py_ssize_t place, PyObject **key, PyObject **value);

/* Names of attributes that are asked for, each with a dict of values by node. */
enum { MOST_ASKED = 64 };
typedef struct {
    PyObject *name, *values;
    uint8_t next; /* another of the same shape, from 1, 0 for none */
} Asked;
typedef struct {
    Asked asked[MOST_ASKED];
    uint8_t by_shape[256]; /* the last of a shape, from 1, 0 for none */
} Names;

/* Take the names of a dict, which lives as long. 0, or -1 with an exception. */
int names_take(Names *names, PyObject *named);

/* A name's place in a table of 256: most names that are not asked for share it with none that is, and need no hash. */
static inline unsigned
shape_of(PyObject *name)
{
    const Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    return length == 0 ? 0 : (unsigned)(PyUnicode_READ_CHAR(name, 0) * 8 + (Py_UCS4)length) & 255;
}

static inline int
same_text(PyObject *one, PyObject *other)
{
    const Py_ssize_t length = PyUnicode_GET_LENGTH(one);
    const int kind = PyUnicode_KIND(one);
    return length == PyUnicode_GET_LENGTH(other) && kind == (int)PyUnicode_KIND(other) &&
           memcmp(PyUnicode_DATA(one), PyUnicode_DATA(other), (size_t)length * (size_t)kind) == 0;
}

/* The dict of a name, borrowed; NULL where it is not asked for. The parser makes each name anew, without a hash: what has the
 * shape of one that is asked for is held against it. */
static inline PyObject *
values_of(const Names *names, PyObject *name)
{
    unsigned one = names->by_shape[shape_of(name)];
    while (one > 0 && !same_text(names->asked[one - 1].name, name)) {
        one = names->asked[one - 1].next;
    }
    return one > 0 ? names->asked[one - 1].values : NULL;
}

#endif
