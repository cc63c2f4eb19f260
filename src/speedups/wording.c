/* What blocks are made of: the compiled forms of length, sentences and characters in declutter/features/wording.py, of
 * of_block and of_alike in links.py, and of site_name in boxes.py. */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

/* As CharClass numbers them. */
enum { SPACE = 0, UPPER = 2, LETTER = 3, IDEOGRAPH = 4, SEPARATOR = 9, OTHER = 10 };

/* Take a column of doubles and `count` rows for what is found. 0, or -1 with an exception and nothing taken. */
static int
take(Numbers *column, Numbers *out, const char *name, PyObject *const *args, Py_ssize_t given, const Frame *frame,
     Py_ssize_t height, Py_ssize_t count)
{
    if (!arguments_are(name, given, 2) || column_take(column, args[0], FLOATS, 8, height * frame->n) < 0) {
        return -1;
    }
    if (rows_take(out, args[1], frame, count) < 0) {
        numbers_drop(column);
        return -1;
    }
    return 0;
}

static PyObject *
drop(Numbers *column, Numbers *out, int done)
{
    numbers_drop(out);
    return drop_all(column, 1, done);
}

/* -- wording.py --------------------------------------------------------------------------------------------------- */

static int
by_value(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* How many of some ascending numbers are not above one. */
static Py_ssize_t
not_above(const double *ordered, Py_ssize_t count, double number)
{
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        const Py_ssize_t middle = low + (high - low) / 2;
        if (ordered[middle] <= number) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* length(endings, rows) */
METHOD(length)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers endings, out;
    if (take(&endings, &out, "length", args, given, frame, 3, 6) < 0) {
        return NULL;
    }
    const double *lines = endings.view.buf;
    double *rows = out.view.buf, *ordered = room_for(n, sizeof(double));
    if (ordered != NULL) {
        memcpy(ordered, frame->sizes, (size_t)n * sizeof(double));
        qsort(ordered, (size_t)n, sizeof(double), by_value);
    }
    for (Py_ssize_t row = 0; ordered != NULL && row < n; row++) {
        const double size = frame->sizes[row], words = frame->words[row];
        rows[row] = log_of(size);
        rows[n + row] = log_of(words);
        rows[2 * n + row] = least(share_of(size, words), 20);
        rows[3 * n + row] = log_of(lines[row]);
        rows[4 * n + row] = size / frame->total;
        rows[5 * n + row] = (double)not_above(ordered, n, size) / (double)n;
    }
    const int done = ordered == NULL ? -1 : 0;
    PyMem_Free(ordered);
    return drop(&endings, &out, done);
}

/* sentences(endings, rows) */
METHOD(sentences)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers endings, out;
    if (take(&endings, &out, "sentences", args, given, frame, 3, 7) < 0) {
        return NULL;
    }
    const double *ends = endings.view.buf;
    double *rows = out.view.buf;
    for (Py_ssize_t row = 0; row < n; row++) {
        const double stops = frame->counts[row * CLASSES + STOP], commas = frame->counts[row * CLASSES + COMMA];
        const double words = frame->words[row];
        rows[row] = log_of(stops);
        rows[n + row] = log_of(commas);
        rows[2 * n + row] = least(share_of(stops, words), 1);
        rows[3 * n + row] = least(share_of(commas, words), 1);
        rows[4 * n + row] = ends[n + row];
        rows[5 * n + row] = ends[2 * n + row];
        rows[6 * n + row] = log_of(words / (stops + 1));
    }
    return drop(&endings, &out, 0);
}

/* characters(dated, rows) */
METHOD(characters)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers dated, out;
    if (take(&dated, &out, "characters", args, given, frame, 1, 8) < 0) {
        return NULL;
    }
    double *rows = out.view.buf;
    for (Py_ssize_t row = 0; row < n; row++) {
        const double *counts = frame->counts + row * CLASSES;
        double total = 0;
        for (int class = 0; class < CLASSES; class++) {
            total += class == SPACE ? 0 : counts[class];
        }
        rows[row] = share_of(counts[UPPER], total);
        rows[n + row] = least(share_of(counts[UPPER], frame->words[row]), 2);
        rows[2 * n + row] = share_of(counts[DIGIT], total);
        rows[3 * n + row] = log_of(counts[CURRENCY]);
        rows[4 * n + row] = share_of(counts[SEPARATOR], total);
        rows[5 * n + row] = share_of(counts[OTHER], total);
        rows[6 * n + row] = share_of(counts[LETTER] + counts[IDEOGRAPH], total);
        rows[7 * n + row] = ((const double *)dated.view.buf)[row];
    }
    return drop(&dated, &out, 0);
}

/* -- links.py ----------------------------------------------------------------------------------------------------- */

/* of_block(rows) */
METHOD(of_block)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers out;
    if (!arguments_are("of_block", given, 1) || rows_take(&out, args[0], frame, 3) < 0) {
        return NULL;
    }
    int32_t *links = room_for(frame->m + 1, sizeof(int32_t)); /* before each node */
    for (Py_ssize_t node = 0; links != NULL && node < frame->m; node++) {
        links[node + 1] = links[node] + ((frame->kinds[node] & LINK) != 0);
    }
    for (Py_ssize_t row = 0; links != NULL && row < n; row++) {
        double *rows = (double *)out.view.buf + row;
        rows[0] = share_of(frame->links[row], frame->sizes[row]);
        rows[n] = log_of(links[frame->ends[row]] - links[frame->run_starts[row]]);
        rows[2 * n] = frame->links[row] > 0;
    }
    const int done = links == NULL ? -1 : 0;
    PyMem_Free(links);
    return drop_all(&out, 1, done);
}

/* A row of the link density of each block's group. 0, or -1 with an exception. */
static int
add_density(const Frame *frame, const Numbers *groups, double *rows)
{
    const int64_t *group_of = groups->view.buf;
    double(*sums)[2] = room_for(frame->n, sizeof(*sums));
    int done = sums == NULL ? -1 : 0;
    for (Py_ssize_t row = 0; done == 0 && row < frame->n; row++) {
        if (group_of[row] < 0 || group_of[row] >= frame->n) {
            done = do_not_fit();
            break;
        }
        sums[group_of[row]][0] += frame->links[row];
        sums[group_of[row]][1] += frame->sizes[row];
    }
    for (Py_ssize_t row = 0; done == 0 && row < frame->n; row++) {
        rows[row] = share_of(sums[group_of[row]][0], sums[group_of[row]][1]);
    }
    PyMem_Free(sums);
    return done;
}

/* of_alike(plain, classed, rows) */
METHOD(of_alike)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers plain, classed, out;
    if (!arguments_are("of_alike", given, 3) || column_take(&plain, args[0], INTEGERS, 8, n) < 0) {
        return NULL;
    }
    if (column_take(&classed, args[1], INTEGERS, 8, n) < 0) {
        return drop_all(&plain, 1, -1);
    }
    int done = rows_take(&out, args[2], frame, 3);
    if (done == 0) {
        double *rows = out.view.buf, linked = 0;
        done = add_density(frame, &plain, rows);
        done = done == 0 ? add_density(frame, &classed, rows + n) : done;
        for (Py_ssize_t row = 0; row < n; row++) {
            linked += frame->links[row];
        }
        for (Py_ssize_t row = 0; row < n; row++) {
            rows[2 * n + row] = linked / frame->total;
        }
        numbers_drop(&out);
    }
    numbers_drop(&classed);
    return drop_all(&plain, 1, done);
}

/* -- boxes.py ----------------------------------------------------------------------------------------------------- */

/* Write 1 for each block whose words hold all of the name, and 0 for others. 0, or -1 with an exception. */
static int
mark_named(const Frame *frame, const Numbers *numbers, const Numbers *counts, const Numbers *name, double *rows)
{
    const int64_t *number = numbers->view.buf, *count = counts->view.buf, *wanted = name->view.buf;
    const uint64_t all = name->length < 64 ? ((uint64_t)1 << name->length) - 1 : 0;
    if (name->length > 63) {
        return do_not_fit();
    }
    Py_ssize_t place = 0;
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        uint64_t held = 0;
        if (count[row] < 0 || count[row] > numbers->length - place) {
            return do_not_fit();
        }
        for (const Py_ssize_t end = place + count[row]; place < end; place++) {
            for (Py_ssize_t word = 0; word < name->length; word++) {
                held |= (uint64_t)(number[place] == wanted[word]) << word;
            }
        }
        rows[row] = all != 0 && held == all;
    }
    return 0;
}

/* site_name(numbers, counts, name, rows) */
METHOD(site_name)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}};
    Numbers arrays[3], out;
    if (!arguments_are("site_name", given, 4) || take_all(arrays, args, forms, 3, 0) < 0) {
        return NULL;
    }
    int done = arrays[1].length != n ? do_not_fit() : rows_take(&out, args[3], frame, 4);
    if (done < 0) {
        return drop_all(arrays, 3, -1);
    }
    double *rows = out.view.buf, (*total)[2] = room_for(n + 1, sizeof(*total));
    done = total == NULL ? -1 : mark_named(frame, &arrays[0], &arrays[1], &arrays[2], rows);
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        total[row + 1][0] = total[row][0] + frame->words[row] * rows[row];
        total[row + 1][1] = total[row][1] + frame->words[row];
    }
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        for (int level = 1; level < 3; level++) {
            const int32_t element = frame->levels[level][row];
            const double *first = total[frame->first[element]], *last = total[frame->last[element]];
            rows[level * n + row] = share_of(last[0] - first[0], last[1] - first[1]);
        }
        rows[3 * n + row] = total[n][0] / most(total[n][1], 1);
    }
    PyMem_Free(total);
    numbers_drop(&out);
    return drop_all(arrays, 3, done);
}
