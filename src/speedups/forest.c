/* Boosted trees over the rows of a page: the compiled form of declutter/model/forest.py.
 *
 * A walk down a tree waits at every node for the one before, so none is taken. The leaves of a tree are bits of a word, left
 * to right, all set at first. Each split that a row goes right at clears the leaves on its left; of what remains the
 * lowest is the row's leaf (QuickScorer, Lucchese et al. 2015). Splits lie by column and threshold, so that those that no
 * row goes right at are passed over at once, and LANES rows are asked side by side. The values are added tree by tree,
 * as the pure form does.
 */
#include "speedups.h"

#include <math.h>
#include <stdlib.h>
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

/* -- making it ---------------------------------------------------------------------------------------------------- */

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

/* -- scoring ------------------------------------------------------------------------------------------------------ */

/* Keep these leaves of a tree alone in the lanes whose value goes right. Not `>`: a NaN goes right, as in the pure form. */
static inline void
keep_leaves(uint32_t *of_tree, const float *values, float threshold, uint32_t keeps)
{
#ifdef __GNUC__ /* compilers unroll the loop below before they see that it is a vector's */
    typedef float Values __attribute__((vector_size(32)));
    typedef uint32_t Leaves __attribute__((vector_size(32)));
    for (int lane = 0; lane < LANES; lane += 8) {
        Values these;
        Leaves left;
        memcpy(&these, values + lane, sizeof(these));
        memcpy(&left, of_tree + lane, sizeof(left));
        left &= (Leaves)(these <= threshold) | keeps;
        memcpy(of_tree + lane, &left, sizeof(left));
    }
#else
    for (int lane = 0; lane < LANES; lane++) {
        of_tree[lane] &= values[lane] <= threshold ? UINT32_MAX : keeps;
    }
#endif
}

/* Clear the leaves that LANES rows cannot reach. columns: LANES numbers a column; highest: of each, or NaN. */
CLONED static void
ask_splits(const Forest *forest, const float *columns, const float *highest, uint32_t *left)
{
    for (Py_ssize_t column = 0; column < forest->columns; column++) {
        const Split *split = forest->splits + forest->first[column];
        const Split *end = forest->splits + forest->first[column + 1];
        const float *values = columns + column * LANES;
        for (; split < end && !(highest[column] <= split->threshold); split++) {
            keep_leaves(left + (size_t)split->tree * LANES, values, split->threshold, split->keeps);
        }
    }
}

static double
walk(const Forest *forest, Py_ssize_t tree, const float *columns)
{
    const Node *nodes = forest->nodes + forest->starts[tree];
    Py_ssize_t at = 0;
    while (nodes[at].left != at) { /* a child lies behind its parent */
        at = nodes[at].left + !(columns[(size_t)nodes[at].feature * LANES] <= nodes[at].threshold);
    }
    return forest->own[forest->starts[tree] + at];
}

CLONED static void
add_leaves(const Forest *forest, const float *columns, const uint32_t *left, double *sums)
{
    for (Py_ssize_t tree = 0; tree < forest->trees; tree++) {
        const uint32_t *of_tree = left + tree * LANES;
        const double *values = forest->values + tree * LEAVES;
        if (forest->walked[tree]) {
            for (int lane = 0; lane < LANES; lane++) {
                sums[lane] += walk(forest, tree, columns + lane);
            }
            continue;
        }
        for (int lane = 0; lane < LANES; lane++) {
            sums[lane] += values[place_of(of_tree[lane] & (0 - of_tree[lane]))];
        }
    }
}

CLONED static void
take_row(const float *row, Py_ssize_t lane, Py_ssize_t count, float *columns, float *highest)
{
    for (Py_ssize_t column = 0; column < count; column++) {
        columns[column * LANES + lane] = row[column];
    }
    for (Py_ssize_t column = 0; column < count; column++) { /* a NaN comes and stays: it goes right everywhere */
        const float value = row[column], known = highest[column];
        const float higher = value <= known ? known : value;
        highest[column] = known == known ? higher : known;
    }
}

/* What is scored: rows one behind the other, or `count` numbers of each column one behind the other. Of these some are
 * chosen, and behind them come all columns of another table. */
typedef struct {
    const float *rows, *table, *beside;
    const int64_t *columns;
    Py_ssize_t count, chosen;
    int damaged; /* a number of the tables is NaN */
} Given;

/* The highest of LANES numbers, none of which is NaN. */
static inline float
highest_of(const float *values)
{
    float high[8], half[4];
#ifdef __GNUC__ /* as above */
    typedef float Values __attribute__((vector_size(32)));
    typedef int32_t Picks __attribute__((vector_size(32)));
    Values some, others;
    memcpy(&some, values, sizeof(some));
    memcpy(&others, values + 8, sizeof(others));
    const Picks picks = some > others;
    const Picks higher = ((Picks)some & picks) | ((Picks)others & ~picks);
    memcpy(high, &higher, sizeof(high));
#else
    for (int lane = 0; lane < 8; lane++) {
        high[lane] = values[lane] > values[lane + 8] ? values[lane] : values[lane + 8];
    }
#endif
    for (int lane = 0; lane < 4; lane++) {
        half[lane] = high[lane] > high[lane + 4] ? high[lane] : high[lane + 4];
    }
    const float one = half[0] > half[2] ? half[0] : half[2], other = half[1] > half[3] ? half[1] : half[3];
    return one > other ? one : other;
}

static const float *
column_of(const Given *given, Py_ssize_t column)
{
    return column < given->chosen ? given->table + given->columns[column] * given->count
                                  : given->beside + (column - given->chosen) * given->count;
}

/* Take the numbers of rows column by column. highest: a NaN everywhere if there are any in the tables, see has_nan. */
CLONED static void
take_columns(const Forest *forest, const Given *given, Py_ssize_t row, Py_ssize_t here, float *columns, float *highest)
{
    for (Py_ssize_t column = 0; column < forest->columns; column++, columns += LANES) {
        const float *values = column_of(given, column) + row;
        if (here == LANES) {
            memcpy(columns, values, LANES * sizeof(float));
        }
        else {
            for (Py_ssize_t lane = 0; lane < LANES; lane++) {
                columns[lane] = values[lane < here ? lane : 0];
            }
        }
        highest[column] = given->damaged ? NAN : highest_of(columns);
    }
}

CLONED static int
has_nan(const Forest *forest, const Given *given)
{
    int any = 0;
    for (Py_ssize_t column = 0; column < forest->columns; column++) {
        const float *values = column_of(given, column);
        for (Py_ssize_t row = 0; row < given->count; row++) {
            any |= values[row] != values[row];
        }
    }
    return any;
}

static void
score(const Forest *forest, const Given *given, float *columns, uint32_t *left, double *total)
{
    float *highest = columns + forest->columns * LANES;
    for (Py_ssize_t row = 0; row < given->count; row += LANES) {
        const Py_ssize_t here = given->count - row < LANES ? given->count - row : LANES;
        double sums[LANES] = {0}; /* lanes beyond the last row have old values, and come to nothing */
        if (given->rows == NULL) {
            take_columns(forest, given, row, here, columns, highest);
        }
        else {
            memcpy(highest, given->rows + row * forest->columns, (size_t)forest->columns * sizeof(float));
            for (Py_ssize_t lane = 0; lane < here; lane++) {
                take_row(given->rows + (row + lane) * forest->columns, lane, forest->columns, columns, highest);
            }
        }
        memcpy(sums, total + row, (size_t)here * sizeof(double));
        memset(left, 0xFF, (size_t)forest->trees * LANES * sizeof(uint32_t));
        ask_splits(forest, columns, highest, left);
        add_leaves(forest, columns, left, sums);
        memcpy(total + row, sums, (size_t)here * sizeof(double));
    }
}

/* 0, or -1 with an exception. */
static int
score_all(const Forest *forest, const Given *given, double *total)
{
    float *columns = PyMem_Calloc((size_t)forest->columns * (LANES + 1), sizeof(float));
    uint32_t *left = PyMem_Malloc((size_t)forest->trees * LANES * sizeof(uint32_t));
    if (columns == NULL || left == NULL) {
        PyErr_NoMemory();
    }
    else {
        Py_BEGIN_ALLOW_THREADS
        score(forest, given, columns, left, total);
        Py_END_ALLOW_THREADS
    }
    const int done = columns == NULL || left == NULL ? -1 : 0;
    PyMem_Free(columns);
    PyMem_Free(left);
    return done;
}

PyDoc_STRVAR(forest_add_doc, "add(features, sums): add the value of every tree to the sum of each row.");

static PyObject *
forest_add(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{FLOATS, 4}, {FLOATS, 8}};
    const Forest *forest = (const Forest *)self;
    Numbers arrays[2];
    if (!arguments_are("add", given, 2) || take_all(arrays, args, forms, 2, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t rows = arrays[1].length;
    int done = 0;
    if (arrays[0].view.ndim != 2 || arrays[0].view.shape[0] != rows || arrays[0].view.shape[1] != forest->columns) {
        done = do_not_fit();
    }
    else {
        const Given whole = {arrays[0].view.buf, NULL, NULL, NULL, rows, 0, 0};
        done = score_all(forest, &whole, arrays[1].view.buf);
    }
    return drop_all(arrays, 2, done);
}

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

PyDoc_STRVAR(forest_add_of_doc, "add_of(table, columns, beside, sums): add of some columns of a table and all of another; each\n"
                                "column of a table is a row here.");

static PyObject *
forest_add_of(PyObject *self, PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{FLOATS, 4}, {INTEGERS, 8}, {FLOATS, 4}, {FLOATS, 8}};
    const Forest *forest = (const Forest *)self;
    Numbers arrays[4];
    if (!arguments_are("add_of", given, 4) || take_all(arrays, args, forms, 4, 1) < 0) {
        return NULL;
    }
    int done;
    if (!are_columns(forest, &arrays[0], &arrays[1], &arrays[2], arrays[3].length)) {
        done = do_not_fit();
    }
    else {
        Given columns = {NULL, arrays[0].view.buf, arrays[2].view.buf, arrays[1].view.buf, arrays[3].length, arrays[1].length, 0};
        columns.damaged = has_nan(forest, &columns);
        done = score_all(forest, &columns, arrays[3].view.buf);
    }
    return drop_all(arrays, 4, done);
}

static PyMethodDef methods[] = {
    {"add", FAST(forest_add), METH_FASTCALL, forest_add_doc},
    {"add_of", FAST(forest_add_of), METH_FASTCALL, forest_add_of_doc},
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
