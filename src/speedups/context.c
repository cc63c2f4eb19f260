/* What the second pass sees of the first: the compiled form of content_context in declutter/model/context.py. */
#include "frame.h"


enum { UP = 4, LOWEST = 3, SHIFTS = 8, WIDE = 2, COLUMNS = 40, PROSE = 6 };

typedef struct {
    Py_ssize_t n;
    const double *p, *words;
    const int64_t *first, *last; /* UP x n */
    const int64_t *box;          /* 2 x n */
    const int64_t *heading, *groups; /* n, 3 x n */
    const int64_t *ranges;           /* count x 2 */
    Py_ssize_t count;
    double *weights, *through, *heavy, *plain; /* cumulative, n + 1 */
    double *prose;                             /* a sparse table of minima: levels x n */
    double *means;                             /* 2 x n */
} Context;

static inline void
set(double *rows, Py_ssize_t n, Py_ssize_t column, Py_ssize_t row, double value)
{
    rows[column * n + row] = value;
}

static inline double
weighted(const Context *at, int64_t first, int64_t last)
{
    return (at->through[last] - at->through[first]) / (at->heavy[last] - at->heavy[first]);
}

static inline double
unweighted(const Context *at, int64_t first, int64_t last)
{
    return (at->plain[last] - at->plain[first]) / (double)(last - first);
}

/* range_lowest, of one range. */
static inline double
lowest(const Context *at, int64_t first, int64_t last)
{
    int step = 0;
    while ((int64_t)2 << step <= last - first) {
        step++;
    }
    const double *table = at->prose + step * at->n;
    const double one = table[first], other = table[last - ((int64_t)1 << step)];
    return one < other ? one : other;
}

static void
sum_up(Context *at)
{
    const Py_ssize_t n = at->n;
    for (Py_ssize_t row = 0; row < n; row++) {
        at->weights[row] = at->words[row] < 100 ? at->words[row] : 100;
        at->through[row + 1] = at->through[row] + at->p[row] * at->weights[row];
        at->heavy[row + 1] = at->heavy[row] + at->weights[row];
        at->plain[row + 1] = at->plain[row] + at->p[row];
        at->prose[row] = at->words[row] > PROSE ? at->p[row] : 1;
    }
    double *table = at->prose;
    for (Py_ssize_t width = 1; 2 * width <= n; width *= 2, table += n) {
        for (Py_ssize_t row = 0; row + 2 * width <= n; row++) {
            const double one = table[row], other = table[row + width];
            table[n + row] = one < other ? one : other;
        }
    }
}

static Py_ssize_t
fill_near(const Context *at, double *rows)
{
    const Py_ssize_t n = at->n;
    static const int shifts[SHIFTS] = {-4, -3, -2, -1, 1, 2, 3, 4}, widths[WIDE] = {2, 5};
    for (Py_ssize_t row = 0; row < n; row++) {
        Py_ssize_t column = 0;
        set(rows, n, column++, row, at->p[row]);
        for (int shift = 0; shift < SHIFTS; shift++) {
            const Py_ssize_t other = row + shifts[shift];
            set(rows, n, column++, row, other >= 0 && other < n ? at->p[other] : -1);
        }
        for (int wide = 0; wide < WIDE; wide++) {
            const Py_ssize_t low = row - widths[wide], high = row + widths[wide] + 1;
            set(rows, n, column++, row, weighted(at, low > 0 ? low : 0, high < n ? high : n));
        }
        for (Py_ssize_t up = 0; up < UP; up++) {
            const int64_t first = at->first[up * n + row], last = at->last[up * n + row];
            set(rows, n, column + up, row, weighted(at, first, last));
            set(rows, n, column + UP + up, row, unweighted(at, first, last));
            if (up < LOWEST) {
                set(rows, n, column + 2 * UP + up, row, lowest(at, first, last));
            }
        }
        column += 2 * UP + LOWEST;
        const int64_t first = at->box[row], last = at->box[n + row];
        set(rows, n, column++, row, weighted(at, first, last));
        set(rows, n, column++, row, unweighted(at, first, last));
        set(rows, n, column, row, lowest(at, first, last));
    }
    return 1 + SHIFTS + WIDE + 2 * UP + LOWEST + 3;
}

static void
fill_means(const Context *at, const int64_t *groups, double *row)
{
    double *sums = at->means, *weights = at->means + at->n;
    for (Py_ssize_t block = 0; block < at->n; block++) {
        sums[block] = weights[block] = 0;
    }
    for (Py_ssize_t block = 0; block < at->n; block++) {
        sums[groups[block]] += at->p[block] * at->weights[block];
        weights[groups[block]] += at->weights[block];
    }
    for (Py_ssize_t block = 0; block < at->n; block++) {
        row[block] = sums[groups[block]] / weights[groups[block]];
    }
}

/* The best run of blocks and the best element, by the sum of (p - 0.5) x weight. */
static void
find_best(const Context *at, double *total, int64_t *run, int64_t *subtree)
{
    double least = 0, best = -INFINITY;
    run[0] = run[1] = 0;
    total[0] = 0;
    for (Py_ssize_t row = 0; row < at->n; row++) {
        total[row + 1] = total[row] + (at->p[row] - 0.5) * at->weights[row];
        if (total[row + 1] - least > best) {
            best = total[row + 1] - least;
            run[1] = row + 1;
        }
        least = total[row + 1] < least ? total[row + 1] : least;
    }
    for (Py_ssize_t row = 1; row < run[1]; row++) {
        run[0] = total[row] < total[run[0]] ? row : run[0];
    }
    best = -INFINITY;
    for (Py_ssize_t range = 0; range < at->count; range++) { /* the innermost of equals */
        const double sum = total[at->ranges[2 * range + 1]] - total[at->ranges[2 * range]];
        if (sum >= best) {
            best = sum;
            subtree[0] = at->ranges[2 * range];
            subtree[1] = at->ranges[2 * range + 1];
        }
    }
}

static void
fill_page(const Context *at, double mean, double *rows, Py_ssize_t column)
{
    const Py_ssize_t n = at->n;
    double highest = at->p[0];
    int64_t run[2], subtree[2] = {0, n};
    for (Py_ssize_t group = 0; group < 3; group++) {
        fill_means(at, at->groups + group * n, rows + (column++) * n);
    }
    find_best(at, at->means, run, subtree); /* n + 1 of 2 n + 2 places */
    for (Py_ssize_t row = 0; row < n; row++) {
        highest = at->p[row] > highest ? at->p[row] : highest;
    }
    const double expected = at->through[n] > 1e-9 ? at->through[n] : 1e-9;
    const double held = (at->through[subtree[1]] - at->through[subtree[0]]) / expected;
    Py_ssize_t since = -1000, until = n + 1000;
    for (Py_ssize_t row = 0; row < n; row++) {
        const int64_t heading = at->heading[row];
        Py_ssize_t next = column;
        since = at->p[row] > 0.5 ? row : since;
        set(rows, n, next++, row, heading >= 0 ? at->p[heading] : -1);
        set(rows, n, next++, row, at->through[n] / at->heavy[n]);
        set(rows, n, next++, row, mean);
        set(rows, n, next++, row, highest);
        set(rows, n, next++, row, row >= run[0] && row < run[1]);
        set(rows, n, next++, row, row < run[0] ? log_of((double)(run[0] - row)) : 0);
        set(rows, n, next++, row, row >= run[1] ? log_of((double)(row - run[1] + 1)) : 0);
        set(rows, n, next++, row, row >= subtree[0] && row < subtree[1]);
        set(rows, n, next++, row, held);
        set(rows, n, next++, row, log_of((double)(row - since)));
        set(rows, n, next + 1, row, at->through[row] / expected);
    }
    for (Py_ssize_t row = n; row-- > 0;) {
        until = at->p[row] > 0.5 ? row : until;
        set(rows, n, column + 10, row, log_of((double)(until - row)));
    }
}

enum { SCORES, WORDS, FIRST, LAST, BOX, HEADING, GROUPS, RANGES, ROWS, GIVEN };

/* Whether all ranges are within the blocks and not empty, and groups and headings are numbers of blocks. */
static int
is_sound(const Context *at)
{
    const Py_ssize_t n = at->n;
    int wrong = 0;
    for (Py_ssize_t row = 0; row < UP * n; row++) {
        wrong |= at->first[row] < 0 || at->first[row] >= at->last[row] || at->last[row] > n;
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        wrong |= at->box[row] < 0 || at->box[row] >= at->box[n + row] || at->box[n + row] > n;
        wrong |= at->heading[row] < -1 || at->heading[row] >= n;
    }
    for (Py_ssize_t row = 0; row < 3 * n; row++) {
        wrong |= at->groups[row] < 0 || at->groups[row] >= n;
    }
    for (Py_ssize_t range = 0; range < at->count; range++) {
        const int64_t low = at->ranges[2 * range], high = at->ranges[2 * range + 1];
        wrong |= low < 0 || low > high || high > n;
    }
    return !wrong;
}

static int
fill(Context *at, double mean, double *rows)
{
    Py_ssize_t levels = 1;
    while ((Py_ssize_t)1 << levels <= at->n) {
        levels++;
    }
    double *room = PyMem_Calloc((size_t)((levels + 6) * (at->n + 1) + at->n), sizeof(double));
    if (room == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    at->weights = room;
    at->through = at->weights + at->n;
    at->heavy = at->through + at->n + 1;
    at->plain = at->heavy + at->n + 1;
    at->means = at->plain + at->n + 1;
    at->prose = at->means + 2 * (at->n + 1);
    sum_up(at);
    const Py_ssize_t column = fill_near(at, rows);
    fill_page(at, mean, rows, column);
    PyMem_Free(room);
    return 0;
}

PyDoc_STRVAR(content_context_doc, "content_context(mean, p, words, first, last, box, heading, groups, ranges, rows): see context.py;\n"
                                  "the mean of p, and the arrays of a Layout.");

static PyObject *
content_context(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[GIVEN] = {{FLOATS, 8},   {FLOATS, 8},   {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8},
                                      {INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {FLOATS, 8}};
    Numbers arrays[GIVEN];
    if (!arguments_are("content_context", given, GIVEN + 1)) {
        return NULL;
    }
    const double mean = PyFloat_AsDouble(args[0]);
    if ((mean == -1.0 && PyErr_Occurred()) || take_all(arrays, args + 1, forms, GIVEN, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t n = arrays[SCORES].length;
    const Py_ssize_t lengths[GIVEN] = {n, n, UP * n, UP * n, 2 * n, n, 3 * n, arrays[RANGES].length / 2 * 2, COLUMNS * n};
    int done = n < 1 ? do_not_fit() : 0;
    for (int array = 0; done == 0 && array < GIVEN; array++) {
        done = arrays[array].length != lengths[array] ? do_not_fit() : 0;
    }
    if (done == 0) {
        Context at = {.n = n,
                      .p = arrays[SCORES].view.buf,
                      .words = arrays[WORDS].view.buf,
                      .first = arrays[FIRST].view.buf,
                      .last = arrays[LAST].view.buf,
                      .box = arrays[BOX].view.buf,
                      .heading = arrays[HEADING].view.buf,
                      .groups = arrays[GROUPS].view.buf,
                      .ranges = arrays[RANGES].view.buf,
                      .count = arrays[RANGES].length / 2};
        done = is_sound(&at) ? fill(&at, mean, arrays[ROWS].view.buf) : do_not_fit();
    }
    return drop_all(arrays, GIVEN, done);
}

static PyMethodDef functions[] = {
    {"content_context", FAST(content_context), METH_FASTCALL, content_context_doc},
    {NULL, NULL, 0, NULL},
};

int
add_context(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
