/* Boosted trees: the compiled form of declutter/model/forest.py. Here they are made of a model's arrays; score.c asks them. */
#include "forest.h"

#include <stdlib.h>

static int
is_leaf(const Forest *forest, const Node *node, Py_ssize_t place)
{
    return node->left == place && node->feature == forest->columns && node->threshold == INFINITY;
}

/* Whether no walk can leave the table or go round in it: the arrays come from a file. */
static int
is_sound(const Forest *forest)
{
    if (forest->starts[0] != 0 || forest->starts[forest->trees] != forest->count) {
        return 0;
    }
    for (Py_ssize_t tree = 0; tree < forest->trees; tree++) {
        const Py_ssize_t first = forest->starts[tree], size = forest->starts[tree + 1] - (Py_ssize_t)first;
        if (first < 0 || size < 1 || first + size > forest->count) {
            return 0;
        }
        for (Py_ssize_t place = 0; place < size; place++) {
            const Node *node = &forest->nodes[first + place];
            if (!is_leaf(forest, node, place) &&
                (node->feature >= forest->columns || node->left <= place || node->left + 1 >= size)) {
                return 0;
            }
        }
    }
    return 1;
}

/* Give the leaves of a tree their bits, and each split what it keeps. 0 where it has too many leaves, or is not a tree. */
static int
lay_out(Forest *forest, Py_ssize_t tree, Split **end)
{
    enum { MOST = 2 * LEAVES - 1 };
    const Node *nodes = forest->nodes + forest->starts[tree];
    const Py_ssize_t size = forest->starts[tree + 1] - forest->starts[tree];
    uint8_t parents[MOST] = {0}, leaves[MOST] = {0}, lowest[MOST] = {0};
    if (size > MOST) {
        return 0;
    }
    for (Py_ssize_t place = size - 1; place >= 0; place--) { /* children lie behind their parents */
        const Py_ssize_t left = nodes[place].left;
        if (left == place) {
            leaves[place] = 1;
        }
        else {
            leaves[place] = leaves[left] + leaves[left + 1];
            parents[left]++;
            parents[left + 1]++;
            if (isnan(nodes[place].threshold) || parents[left] > 1 || parents[left + 1] > 1) {
                return 0; /* each node counts once, so that no sum is more than size */
            }
        }
    }
    for (Py_ssize_t place = 1; place < size; place++) {
        if (parents[place] == 0) {
            return 0;
        }
    }
    for (Py_ssize_t place = 0; place < size; place++) {
        const Node *node = &nodes[place];
        if (node->left == place) {
            forest->values[tree * LEAVES + place_of(1u << lowest[place])] = forest->own[forest->starts[tree] + place];
            continue;
        }
        lowest[node->left] = lowest[place];
        lowest[node->left + 1] = lowest[place] + leaves[node->left];
        const uint32_t gone = ((1u << leaves[node->left]) - 1) << lowest[place];
        *(*end)++ = (Split){node->threshold, (uint32_t)tree, ~gone, node->feature};
    }
    return 1;
}

static int
by_column(const void *one, const void *other)
{
    const Split *a = one, *b = other;
    if (a->column != b->column) {
        return a->column < b->column ? -1 : 1;
    }
    return a->threshold < b->threshold ? -1 : a->threshold > b->threshold;
}

static void
sort_splits(Forest *forest)
{
    Split *end = forest->splits;
    for (Py_ssize_t tree = 0; tree < forest->trees; tree++) {
        forest->walked[tree] = !lay_out(forest, tree, &end);
        forest->any_walked |= forest->walked[tree];
    }
    const Py_ssize_t count = end - forest->splits;
    qsort(forest->splits, (size_t)count, sizeof(Split), by_column);
    Py_ssize_t place = 0;
    for (Py_ssize_t column = 0; column <= forest->columns; column++) {
        while (place < count && forest->splits[place].column < column) {
            place++;
        }
        forest->first[column] = (int32_t)place;
    }
}

static int
fill(Forest *forest, const Numbers *arrays)
{
    const Py_ssize_t count = forest->count = arrays[0].length;
    const Py_ssize_t trees = forest->trees = arrays[2].length - 1;
    if (trees < 1 || arrays[1].length != count || count > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the arrays of the trees do not fit");
        return -1;
    }
    forest->nodes = PyMem_Malloc((size_t)(count + 1) * sizeof(Node));
    forest->own = PyMem_Malloc((size_t)(count + 1) * sizeof(double));
    forest->starts = PyMem_Malloc((size_t)(trees + 1) * sizeof(int32_t));
    forest->values = PyMem_Calloc((size_t)trees * LEAVES, sizeof(double));
    forest->walked = PyMem_Calloc((size_t)trees, 1);
    forest->splits = PyMem_Calloc((size_t)(count + 1), sizeof(Split)); /* no node is a split of two trees */
    forest->first = PyMem_Calloc((size_t)forest->columns + 1, sizeof(int32_t));
    if (forest->nodes == NULL || forest->own == NULL || forest->starts == NULL || forest->values == NULL ||
        forest->walked == NULL || forest->splits == NULL || forest->first == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(forest->nodes, arrays[0].view.buf, (size_t)count * sizeof(Node));
    memcpy(forest->own, arrays[1].view.buf, (size_t)count * sizeof(double));
    memcpy(forest->starts, arrays[2].view.buf, (size_t)(trees + 1) * sizeof(int32_t));
    if (!is_sound(forest)) {
        PyErr_SetString(PyExc_ValueError, "the trees are damaged, or read other columns");
        return -1;
    }
    sort_splits(forest);
    return 0;
}

static void
forest_dealloc(PyObject *self)
{
    Forest *forest = (Forest *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(forest->nodes);
    PyMem_Free(forest->own);
    PyMem_Free(forest->starts);
    PyMem_Free(forest->values);
    PyMem_Free(forest->walked);
    PyMem_Free(forest->splits);
    PyMem_Free(forest->first);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
forest_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"nodes", "values", "starts", "columns", NULL};
    static const Form forms[] = {{INTEGERS, 8}, {FLOATS, 8}, {INTEGERS, 4}};
    PyObject *given[3];
    Numbers arrays[3];
    Py_ssize_t columns;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOn", keywords, &given[0], &given[1], &given[2], &columns)) {
        return NULL;
    }
    if (columns < 1 || columns > UINT16_MAX) {
        PyErr_Format(PyExc_ValueError, "trees do not read %zd columns", columns);
        return NULL;
    }
    if (take_all(arrays, given, forms, 3, 0) < 0) {
        return NULL;
    }
    Forest *forest = (Forest *)type->tp_alloc(type, 0); /* zeroed, so that it can be dropped half made */
    int done = -1;
    if (forest != NULL) {
        forest->columns = columns;
        done = fill(forest, arrays);
    }
    PyObject *nothing = drop_all(arrays, 3, done);
    if (nothing == NULL) {
        Py_XDECREF(forest);
        return NULL;
    }
    Py_DECREF(nothing);
    return (PyObject *)forest;
}

/* -- what Python calls -------------------------------------------------------------------------------------------- */

/* Whether such columns are there to be read, as many as the trees read, each of so many numbers. */
static int
are_columns(const Forest *forest, const Numbers *table, const Numbers *columns, const Numbers *beside, Py_ssize_t count)
{
    if (table->view.ndim != 2 || beside->view.ndim != 2 || table->view.shape[1] != count || beside->view.shape[1] != count ||
        columns->length > forest->columns || beside->view.shape[0] != forest->columns - columns->length) {
        return 0;
    }
    int wrong = 0;
    for (Py_ssize_t i = 0; i < columns->length; i++) {
        const int64_t column = ((const int64_t *)columns->view.buf)[i];
        wrong |= column < 0 || column >= table->view.shape[0];
    }
    return !wrong;
}

PyDoc_STRVAR(forest_add_doc, "add(table, columns, beside, sums): add the value of every tree to the sum of each row, from some\n"
                             "columns of a table and behind them all of another; each column of a table is a row here.");

static PyObject *
forest_add(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{FLOATS, 4}, {INTEGERS, 8}, {FLOATS, 4}, {FLOATS, 8}};
    const Forest *forest = (const Forest *)self;
    Numbers arrays[4];
    if (!arguments_are("add", given, 4) || take_all(arrays, args, forms, 4, 1) < 0) {
        return NULL;
    }
    int done;
    if (!are_columns(forest, &arrays[0], &arrays[1], &arrays[2], arrays[3].length)) {
        done = do_not_fit();
    }
    else {
        const Given columns = {arrays[0].view.buf, arrays[2].view.buf, arrays[1].view.buf, arrays[3].length, arrays[1].length};
        done = forest_score(forest, &columns, arrays[3].view.buf);
    }
    return drop_all(arrays, 4, done);
}

static PyMethodDef methods[] = {
    {"add", FAST(forest_add), METH_FASTCALL, forest_add_doc},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Forest(nodes, values, starts, columns): trees that score rows; see model/forest.py."},
    {Py_tp_new, forest_new},
    {Py_tp_dealloc, forest_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "declutter._speedups.Forest",
    .basicsize = sizeof(Forest),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

int
add_forest(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    const int added = type == NULL ? -1 : PyModule_AddObjectRef(module, "Forest", type);
    Py_XDECREF(type);
    return added;
}
