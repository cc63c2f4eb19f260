/* Of equal strings and attributes of a page the first is kept, and the parser has the memory of the others back at once: a page
 * has the same class names and the same indentation by the hundred, and memory that is new is what a tree of objects costs most. */
#ifndef DECLUTTER_SHARED_H
#define DECLUTTER_SHARED_H

#include "speedups.h"

/* A place for each hash: what comes to one that is taken takes it over, so that no page can make the search long. */
enum { SHARED_TEXTS = 256, SHARED_ATTRIBUTES = 1024 };
typedef struct {
    uint64_t hash;
    PyObject *object;
} Seen;
typedef struct {
    Seen texts[SHARED_TEXTS];
    Seen attributes[SHARED_ATTRIBUTES];
} Shared;

/* An equal one that was seen before, or itself; borrowed. */
PyObject *shared_text(Shared *shared, PyObject *text);

/* The same of a tuple of pairs; where they are not all pairs of a str and a str or None, NULL without an exception. */
PyObject *shared_attributes(Shared *shared, PyObject *attributes);

/* Forget all; the struct was zeroed. */
void shared_drop(Shared *shared);

#endif
