/* What the trees of forest.c say of the rows of a page.
 *
 * A walk down a tree waits at every node for the one before, so none is taken. The leaves of a tree are bits of a word, left
 * to right, all set at first. Each split that a row goes right at clears the leaves on its left; of what remains the
 * lowest is the row's leaf (QuickScorer, Lucchese et al. 2015). Splits lie by column and threshold, so that those that no
 * row goes right at are passed over at once, as are, after the first look at a page, those that all go right at: of 100
 * pages a third of the columns is the same for all rows, and six of ten splits part any. LANES rows are asked side by
 * side. The values are added tree by tree, as the pure form does.
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

/* A column, and of its splits those at which some rows go left and others right. */
typedef struct {
    const float *values;
    int32_t column, first, end;
    int has_nan;
} Asked;

/* Clear the leaves that LANES rows cannot reach. columns: LANES numbers a column; highest: of each, or NaN. */
CLONED static void
ask_splits(const Forest *forest, const Asked *asked, Py_ssize_t count, const float *columns, const float *highest,
           uint32_t *left)
{
    for (; count > 0; count--, asked++) {
        const Split *split = forest->splits + asked->first, *end = forest->splits + asked->end;
        const float *values = columns + (size_t)asked->column * LANES, high = highest[asked->column];
        for (; split < end && !(high <= split->threshold); split++) {
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

/* Take LANES numbers of each column; of the last rows of a page some stand twice. */
CLONED static void
take_columns(const Asked *asked, Py_ssize_t count, Py_ssize_t row, Py_ssize_t here, float *columns, float *highest)
{
    for (; count > 0; count--, asked++) {
        const float *values = asked->values + row;
        float *taken = columns + (size_t)asked->column * LANES;
        if (here == LANES) {
            memcpy(taken, values, LANES * sizeof(float));
        }
        else {
            for (Py_ssize_t lane = 0; lane < LANES; lane++) {
                taken[lane] = values[lane < here ? lane : 0];
            }
        }
        highest[asked->column] = asked->has_nan ? NAN : highest_of(taken);
    }
}

/* The lowest and the highest of one or more numbers. 0 if one of them is NaN, which makes both worthless. */
CLONED static int
bounds_of(const float *values, Py_ssize_t count, float *lowest, float *highest)
{
    float low = values[0], high = values[0];
    int nan = 0;
    Py_ssize_t row = 0;
#ifdef __GNUC__ /* as above */
    typedef float Values __attribute__((vector_size(32)));
    typedef int32_t Picks __attribute__((vector_size(32)));
    if (count >= 8) {
        Values these, lows, highs;
        memcpy(&lows, values, sizeof(lows));
        highs = lows;
        Picks nans = lows != lows;
        for (row = 8; row + 8 <= count; row += 8) {
            memcpy(&these, values + row, sizeof(these));
            const Picks lower = these < lows, higher = these > highs;
            lows = (Values)(((Picks)these & lower) | ((Picks)lows & ~lower));
            highs = (Values)(((Picks)these & higher) | ((Picks)highs & ~higher));
            nans |= these != these;
        }
        for (int lane = 0; lane < 8; lane++) {
            low = lows[lane] < low ? lows[lane] : low;
            high = highs[lane] > high ? highs[lane] : high;
            nan |= nans[lane];
        }
    }
#endif
    for (; row < count; row++) {
        low = values[row] < low ? values[row] : low;
        high = values[row] > high ? values[row] : high;
        nan |= values[row] != values[row];
    }
    *lowest = low;
    *highest = high;
    return !nan;
}

/* Ask the splits that all rows go right at, once for all, and pass over those at which all go left. Returns how many columns
 * are left to be asked. */
static Py_ssize_t
ask_for_all(const Forest *forest, const Given *given, Asked *asked, uint32_t *left)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t column = 0; column < forest->columns; column++) {
        float lowest, highest;
        int32_t first = forest->first[column];
        const int32_t end = forest->first[column + 1];
        const float *values = column_of(given, column);
        const int sound = bounds_of(values, given->count, &lowest, &highest);
        for (; sound && first < end && forest->splits[first].threshold < lowest; first++) {
            left[forest->splits[first].tree] &= forest->splits[first].keeps;
        }
        if (forest->any_walked || !sound || (first < end && forest->splits[first].threshold < highest)) {
            asked[count++] = (Asked){values, (int32_t)column, first, end, !sound};
        }
    }
    return count;
}

static void
score(const Forest *forest, const Given *given, float *columns, uint32_t *left, Asked *asked, double *total)
{
    float *highest = columns + forest->columns * LANES;
    uint32_t *of_all = left + forest->trees * LANES;
    memset(of_all, 0xFF, (size_t)forest->trees * sizeof(uint32_t));
    const Py_ssize_t count = ask_for_all(forest, given, asked, of_all);
    for (Py_ssize_t row = 0; row < given->count; row += LANES) {
        const Py_ssize_t here = given->count - row < LANES ? given->count - row : LANES;
        double sums[LANES] = {0};
        take_columns(asked, count, row, here, columns, highest);
        memcpy(sums, total + row, (size_t)here * sizeof(double));
        for (Py_ssize_t tree = 0; tree < forest->trees; tree++) {
            for (int lane = 0; lane < LANES; lane++) {
                left[tree * LANES + lane] = of_all[tree];
            }
        }
        ask_splits(forest, asked, count, columns, highest, left);
        add_leaves(forest, columns, left, sums);
        memcpy(total + row, sums, (size_t)here * sizeof(double));
    }
}

int
forest_score(const Forest *forest, const Given *given, double *total)
{
    float *columns = PyMem_Calloc((size_t)forest->columns * (LANES + 1), sizeof(float));
    uint32_t *left = PyMem_Malloc((size_t)forest->trees * (LANES + 1) * sizeof(uint32_t));
    Asked *asked = PyMem_Malloc((size_t)forest->columns * sizeof(Asked));
    const int done = columns == NULL || left == NULL || asked == NULL ? -1 : 0;
    if (done < 0) {
        PyErr_NoMemory();
    }
    else if (given->count > 0) {
        Py_BEGIN_ALLOW_THREADS
        score(forest, given, columns, left, asked, total);
        Py_END_ALLOW_THREADS
    }
    PyMem_Free(columns);
    PyMem_Free(left);
    PyMem_Free(asked);
    return done;
}
