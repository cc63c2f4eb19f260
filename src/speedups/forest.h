/* What forest.c makes of the arrays of a model, and score.c walks through. */
#ifndef DECLUTTER_FOREST_H
#define DECLUTTER_FOREST_H

#include "speedups.h"

#include <math.h>
#include <string.h>

enum { LANES = 16, LEAVES = 32 };

/* As model/forest.py lays it out: a leaf is its own left child, the right child lies behind the left. */
typedef struct {
    float threshold;
    uint16_t feature;
    uint16_t left; /* in its tree */
} Node;

typedef struct {
    float threshold;
    uint32_t tree;
    uint32_t keeps;  /* the leaves that are left where a row goes right */
    uint32_t column; /* to sort by */
} Split;

typedef struct {
    PyObject_HEAD
    Node *nodes;
    int32_t *starts; /* the first node of each tree, and the end of the last */
    double *own;     /* by node: its value */
    double *values;  /* LEAVES a tree: of leaf l the value lies at place_of(1 << l) */
    uint8_t *walked; /* trees of more leaves, which are walked down row by row */
    int any_walked;
    Split *splits;
    int32_t *first; /* by column: its first split, and the end of the last */
    Py_ssize_t trees, columns, count;
} Forest;

/* A number below LEAVES for each bit: a de Bruijn sequence (Leiserson, Prokop and Randall 1998). */
static inline uint32_t
place_of(uint32_t bit)
{
    return (bit * 0x077CB531u) >> 27;
}

/* What is scored: some columns of a table, and behind them all columns of another; `count` numbers a column. */
typedef struct {
    const float *table, *beside;
    const int64_t *columns;
    Py_ssize_t count, chosen;
} Given;

/* Add the value of every tree to the total of each row. 0, or -1 with an exception. */
int forest_score(const Forest *forest, const Given *given, double *total);

#endif
