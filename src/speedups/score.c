/* What the trees of forest.c say of the rows of a page.
 *
 * A walk down a tree waits at every node for the one before, so none is taken. The leaves of a tree are bits of a word, left
 * to right, all set at first. Each split that a row goes right at clears the leaves on its left; of what remains the
 * lowest is the row's leaf (QuickScorer, Lucchese et al. 2015). Splits lie by column and threshold, so that those that no
 * row goes right at are passed over at once, and LANES rows are asked side by side. The values are added tree by tree,
 * as the pure form does.
 */
#include "forest.h"

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

/* Take the numbers of rows column by column. highest: a NaN everywhere if the tables are damaged, that is hold any. */
CLONED static void
take_columns(const Forest *forest, const Given *given, int damaged, Py_ssize_t row, Py_ssize_t here, float *columns,
             float *highest)
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
        highest[column] = damaged ? NAN : highest_of(columns);
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
    const int damaged = given->rows == NULL && has_nan(forest, given);
    for (Py_ssize_t row = 0; row < given->count; row += LANES) {
        const Py_ssize_t here = given->count - row < LANES ? given->count - row : LANES;
        double sums[LANES] = {0}; /* lanes beyond the last row have old values, and come to nothing */
        if (given->rows == NULL) {
            take_columns(forest, given, damaged, row, here, columns, highest);
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

int
forest_score(const Forest *forest, const Given *given, double *total)
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
