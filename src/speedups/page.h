/* A document as segmentation reads it: what is known of every node before the walk. */
#ifndef DECLUTTER_PAGE_H
#define DECLUTTER_PAGE_H

#include "speedups.h"

/* The order of _NUMBERED in declutter/blocks.py; 0 is any other tag. */
enum {
    TEXT = 1, BR, A, IMG, SVG, INPUT,
    SELECT, DATALIST, BUTTON, NOSCRIPT, TEMPLATE, DIALOG, DETAILS, SUMMARY, PRE, TEXTAREA, LISTING,
    OPTION, FOREIGN,
    NUMBER = 0xFF, /* the bits of the number; the others say what a tag is */
    INLINE = 0x100, SKIPPED = 0x200, PROSE = 0x400,
};

/* What is said of a node. */
enum {
    INKED = 1,    /* a text that a person sees */
    HIDING = 2,   /* hides what is in it */
    STYLED = 4,   /* an inline element that is set as a block */
    LABELLED = 8, /* has a title or an aria-label */
    IN_PROSE = 16 /* a text with ink is right below it; set by mark_prose */
};

typedef struct {
    PyObject *tags; /* lists, borrowed */
    PyObject *attributes;
    PyObject *texts;
    PyObject *labels; /* dict, borrowed: node to label */
    Numbers parents;
    Numbers ends;
    Py_ssize_t count;
    int32_t *kinds;  /* the number of each tag and its bits */
    int32_t *before; /* nodes with ink before each, and at last all of them */
    uint8_t *said;
} Document;

/* Take the arguments (tags, attributes, texts, parents, ends, numbers, hiding, styled, labels) and look at every node.
 * 0, or -1 with an exception; page_drop in both cases, of a struct that was zeroed. */
int page_take(Document *page, PyObject *const *args);
void page_drop(Document *page);

void mark_prose(Document *page);

static inline int32_t
parent_of(const Document *page, Py_ssize_t node)
{
    return ((const int32_t *)page->parents.view.buf)[node];
}

static inline int32_t
end_of(const Document *page, Py_ssize_t node)
{
    return ((const int32_t *)page->ends.view.buf)[node];
}

#endif
