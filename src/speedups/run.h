/* The run of inline content that is being read, and the blocks that were. */
#ifndef DECLUTTER_RUN_H
#define DECLUTTER_RUN_H

#include "page.h"
#include "text.h"

/* As Origin of declutter/blocks.py. */
enum { ORIGIN_TEXT = 0, ORIGIN_CONTROL = 1, ORIGIN_ALT = 2 };

/* A growing array of numbers. */
typedef struct {
    int32_t *data;
    Py_ssize_t length;
    Py_ssize_t room;
} Rows;

/* The label of an element without text. */
typedef struct {
    int32_t node;
    int origin;
    PyObject *label; /* borrowed from the attributes or the labels of the document */
} Icon;

/* As _Run and _Segmenter of declutter/blocks.py; what is not described here is described there. */
typedef struct {
    int32_t owner;
    Characters characters; /* of all lines, as they stand */
    Rows line_ends;        /* of all lines but the last, places in `characters` */
    int has_piece;         /* the last line has any, if only an empty one */
    Rows nodes;
    Icon *icons;
    Py_ssize_t icon_count;
    Py_ssize_t icon_room;
    int has_text, seen, hidden, pre, broken;

    Characters raw, text; /* overwritten whenever a text is made */
    PyObject *texts;      /* list */
    Rows blocks;          /* owner, start, end, origin, hidden of each */
    int32_t *of_node;
    const Document *page;
} Run;

/* Whether strip(INVISIBLE) leaves anything of a str that is_text. */
int is_visible(PyObject *text);

/* These give 0, or -1 with an exception. */
int rows_add(Rows *rows, int32_t number);
int run_piece(Run *run, PyObject *text);
int run_space(Run *run); /* a piece of one space */
int run_break(Run *run); /* a new line */
int run_icon(Run *run, int32_t node, PyObject *label, int origin, int hidden); /* label: NULL for none */
int run_flush(Run *run);
/* A block of one control; the text is taken over, also where this fails, and may be NULL with an exception. */
int run_control(Run *run, int32_t node, PyObject *text, int hidden);

#endif
