/* Boosted trees over the rows of a page: the compiled form of declutter/model/forest.py.
 *
 * A walk down one tree waits at every node for the one before. So LANES rows go down side by side, without a branch:
 * the right child lies behind the left, and a leaf is its own left child. A leaf reads the column behind the last,
 * which holds zeros, so that even a NaN stays where it is. The values are added tree by tree, as the pure form does.
 */
#include "speedups.h"

#include <math.h>
#include <string.h>

enum { LANES = 16 };

/* As model/forest.py lays it out. */
typedef struct {
    float threshold;
    uint16_t feature;
    uint16_t left; /* in its tree; the right child is the next */
} Node;

static void
walk(const Node *tree, const double *values, int depth, const float *rows, Py_ssize_t stride, double *sums)
{
    uint32_t at[LANES] = {0};
    for (int step = 0; step < depth; step++) {
        uint32_t moved = 0;
        for (int lane = 0; lane < LANES; lane++) {
            const Node node = tree[at[lane]];
            /* Not `>`: a NaN goes right, as in the pure form. */
            const uint32_t next = node.left + (uint32_t)!(rows[lane * stride + node.feature] <= node.threshold);
            moved |= next ^ at[lane];
            at[lane] = next;
        }
        if (moved == 0) {
            break;
        }
    }
    for (int lane = 0; lane < LANES; lane++) {
        sums[lane] += values[at[lane]];
    }
}

/* Whether no walk can leave the table: the arrays come from a file. */
static int
is_sound(const Node *nodes, const int32_t *starts, Py_ssize_t trees, Py_ssize_t count, Py_ssize_t columns)
{
    for (Py_ssize_t tree = 0; tree < trees; tree++) {
        const int32_t first = starts[tree];
        const int32_t end = starts[tree + 1];
        if (first < 0 || end <= first || end > count) {
            return 0;
        }
        for (int32_t place = first; place < end; place++) {
            const Node node = nodes[place];
            const int leaf = node.left == place - first && node.feature == columns && node.threshold == INFINITY;
            if (!leaf && (node.feature >= columns || node.left + 1 >= end - first)) {
                return 0;
            }
        }
    }
    return 1;
}

static int
add_trees(const Numbers *packed, const Numbers *values, const Numbers *starts, const Numbers *depths,
          const Numbers *features, const Numbers *sums)
{
    const Py_ssize_t trees = depths->length;
    const Py_ssize_t rows = sums->length;
    const Node *nodes = packed->view.buf;
    const int32_t *first = starts->view.buf;
    if (packed->length != values->length || starts->length != trees + 1 || features->view.ndim != 2 ||
        features->view.shape[0] != rows) {
        PyErr_SetString(PyExc_ValueError, "the arrays of the trees do not fit");
        return -1;
    }
    const Py_ssize_t columns = features->view.shape[1];
    if (!is_sound(nodes, first, trees, values->length, columns)) {
        PyErr_SetString(PyExc_ValueError, "the trees are damaged, or read other columns");
        return -1;
    }
    const Py_ssize_t stride = columns + 1;
    float *block = PyMem_Calloc((size_t)(LANES * stride), sizeof(float));
    if (block == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    const float *given = features->view.buf;
    double *total = sums->view.buf;
    for (Py_ssize_t row = 0; row < rows; row += LANES) {
        const Py_ssize_t here = rows - row < LANES ? rows - row : LANES;
        double lanes[LANES] = {0}; /* lanes beyond the last row walk with old values for nothing */
        for (Py_ssize_t lane = 0; lane < here; lane++) {
            memcpy(block + lane * stride, given + (row + lane) * columns, (size_t)columns * sizeof(float));
            lanes[lane] = total[row + lane];
        }
        for (Py_ssize_t tree = 0; tree < trees; tree++) {
            walk(nodes + first[tree], (const double *)values->view.buf + first[tree],
                 ((const int32_t *)depths->view.buf)[tree], block, stride, lanes);
        }
        memcpy(total + row, lanes, (size_t)here * sizeof(double));
    }
    PyMem_Free(block);
    return 0;
}

PyDoc_STRVAR(add_forest_doc, "forest_add(nodes, values, starts, depths, features, sums): add the value of every tree.");

static PyObject *
forest_add(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    static const Form forms[] = {{INTEGERS, 8}, {FLOATS, 8}, {INTEGERS, 4}, {INTEGERS, 4}, {FLOATS, 4}, {FLOATS, 8}};
    Numbers arrays[6];
    if (!arguments_are("forest_add", count, 6) || take_all(arrays, args, forms, 6, 1) < 0) {
        return NULL;
    }
    return drop_all(arrays, 6, add_trees(&arrays[0], &arrays[1], &arrays[2], &arrays[3], &arrays[4], &arrays[5]));
}

static PyMethodDef functions[] = {
    {"forest_add", FAST(forest_add), METH_FASTCALL, add_forest_doc},
    {NULL, NULL, 0, NULL},
};

int
add_forest(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
