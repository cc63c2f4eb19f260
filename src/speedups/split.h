/* The word splitter. */
#ifndef DECLUTTER_SPLIT_H
#define DECLUTTER_SPLIT_H

#include "wordtable.h"

/* Called for each word, lower case; 0, or -1 with an exception. */
typedef int (*TakeWord)(void *taker, const Py_UCS4 *word, Py_ssize_t length, uint64_t hash);

/* The words of the first `window` characters of a text. What is beyond the plain characters (see split.c) is left to
 * `splitter`, the pure form. `word` is overwritten. 0, or -1 with an exception. */
int split_text(PyObject *text, Py_ssize_t window, uint64_t secret, PyObject *splitter, Characters *word, TakeWord take,
               void *taker);

#endif
