/* The arrays of a page that features are computed from, checked once: what of declutter/features/view.py the files read that
 * hold the compiled forms of features. */
#ifndef DECLUTTER_FRAME_H
#define DECLUTTER_FRAME_H

#include "speedups.h"

#include <math.h>

/* Containers of a block: its own element, and the next larger ones. */
enum { LEVELS = 5 };

/* As CharClass numbers them. */
enum { DIGIT = 5, STOP = 6, COMMA = 7, CURRENCY = 8, CLASSES = 11 };

/* What a tag is: the bits of _KINDS in frame.py. The lowest three are the rank of a heading, 0 for none. */
enum { RANK = 7, SECTION = 8, PARAGRAPH = 16, FORM = 32, IMAGE = 64, LINK = 128 };

typedef struct {
    PyObject_HEAD
    Py_ssize_t m, n, k; /* nodes, blocks, elements that hold text */
    void *memory;       /* of all that follows */
    double *sizes, *words, *links, *counts; /* n, n, n, n * CLASSES */
    int32_t *codes;                          /* m */
    int32_t *parents, *nodes, *node_ends, *first, *last; /* k; a parent lies before its children, 0 is its own */
    int32_t *owners, *run_starts, *ends, *heading;       /* n; the last heading before, -1 for none */
    int32_t *levels[LEVELS];                             /* n each: elements */
    uint8_t *kinds;                                      /* m */
    double total;                                        /* of the sizes, 1 at least */
} Frame;

/* What a block's element is. */
static inline uint8_t
kind_of(const Frame *frame, Py_ssize_t row)
{
    return frame->kinds[frame->nodes[frame->owners[row]]];
}

static inline double
share_of(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static inline double
least(double one, double other)
{
    return one < other ? one : other;
}

static inline double
most(double one, double other)
{
    return one > other ? one : other;
}

/* log1p; most numbers are counts, which are looked up. */
enum { LOGS = 4096 };
extern double logs[LOGS];
static inline double
log_of(double number)
{
    if (number >= 0 && number < LOGS) {
        const int whole = (int)number;
        if ((double)whole == number) {
            return logs[whole];
        }
    }
    return log1p(number);
}

/* PageView.prose_values of a block. */
static inline double
prose_of(const Frame *frame, Py_ssize_t row)
{
    return least(frame->words[row], 80) * (1 - 2 * share_of(frame->links[row], frame->sizes[row])) - 10;
}

/* Whether a block has so many words, and a third of it in links at most. */
static inline int
is_long(const Frame *frame, Py_ssize_t row, double words)
{
    return frame->words[row] >= words && frame->links[row] * 3 < frame->sizes[row];
}

/* Whether a block is an amount of money: digits with a currency sign, and so many words at most. */
static inline int
is_amount(const Frame *frame, Py_ssize_t row, double words)
{
    const double *counts = frame->counts + row * CLASSES;
    return counts[CURRENCY] > 0 && counts[DIGIT] > 0 && frame->words[row] <= words;
}

/* Take the rows that a method fills, a number a block. 0, or -1 with an exception. */
int rows_take(Numbers *rows, PyObject *array, const Frame *frame, Py_ssize_t count);

/* Take an array of the blocks, or of the elements, or any other length. 0, or -1 with an exception. */
int column_take(Numbers *numbers, PyObject *array, Kind kind, Py_ssize_t size, Py_ssize_t length);

/* Take the rows [first, last) of each block's box. 0, or -1 with an exception and nothing taken. */
int boxes_take(Numbers *first, Numbers *last, PyObject *const *args, const Frame *frame);

/* Room for numbers that are zero; NULL with an exception. */
void *room_for(Py_ssize_t count, size_t size);

/* How many of these nodes come before each node: total has m + 1 places. 0, or -1 with an exception. */
int count_nodes(const Frame *frame, const Numbers *nodes, int32_t *total);

/* The methods: see the Python beside each call. */
#define METHOD(name) PyObject *frame_##name(PyObject *self, PyObject *const *args, Py_ssize_t given)
METHOD(in_page);
METHOD(from_headings);
METHOD(in_best);
METHOD(in_containers);
METHOD(pictures_around);
METHOD(paths);
METHOD(own_tag);
METHOD(runs);
METHOD(holdings);
METHOD(alike_blocks);
METHOD(repeated_units);
METHOD(company);
METHOD(link_density);
METHOD(targets);
METHOD(near);
METHOD(forms);
METHOD(amounts);
METHOD(lexicons);
METHOD(told);
METHOD(boxes);
METHOD(box);
METHOD(prose_around);
METHOD(spoken);
METHOD(cohesion);
METHOD(length);
METHOD(sentences);
METHOD(characters);
METHOD(of_block);
METHOD(of_alike);
METHOD(site_name);
METHOD(layout);

#endif
