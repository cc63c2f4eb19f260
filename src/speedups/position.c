/* The compiled forms of declutter/features/position.py. */
#include "frame.h"

METHOD(in_page)
{
    const Frame *frame = (const Frame *)self;
    Numbers out;
    if (!arguments_are("in_page", given, 1) || rows_take(&out, args[0], frame, 8) < 0) {
        return NULL;
    }
    const Py_ssize_t n = frame->n;
    double *rows = out.view.buf;
    int32_t *depths = room_for(frame->k, sizeof(int32_t));
    if (depths == NULL) {
        return drop_all(&out, 1, -1);
    }
    for (Py_ssize_t element = 1; element < frame->k; element++) {
        depths[element] = depths[frame->parents[element]] + 1;
    }
    double before = 0, prose = 0, deep = 0;
    for (Py_ssize_t row = 0; row < n; row++) {
        deep += depths[frame->owners[row]];
        prose += prose_of(frame, row) > 0 ? frame->sizes[row] : 0;
    }
    const double mean = most(deep / (double)(n > 0 ? n : 1), 1);
    for (Py_ssize_t row = 0; row < n; row++) {
        const double size = frame->sizes[row];
        before += size;
        rows[row] = (double)row / (double)(n > 2 ? n - 1 : 1);
        rows[n + row] = (before - size / 2) / frame->total;
        rows[2 * n + row] = log_of((double)row);
        rows[3 * n + row] = log_of((double)(n - 1 - row));
        rows[4 * n + row] = log_of((double)n);
        rows[5 * n + row] = log_of(frame->total);
        rows[6 * n + row] = depths[frame->owners[row]] / mean;
        rows[7 * n + row] = prose / frame->total;
    }
    PyMem_Free(depths);
    return drop_all(&out, 1, 0);
}

static inline double
signed_log(double number)
{
    return number < 0 ? -log_of(-number) : log_of(number);
}

/* from_headings(headline, rows): the row of the main headline, -1 for none. */
METHOD(from_headings)
{
    const Frame *frame = (const Frame *)self;
    Numbers out;
    if (!arguments_are("from_headings", given, 2)) {
        return NULL;
    }
    const Py_ssize_t headline = PyLong_AsSsize_t(args[0]), n = frame->n;
    if ((headline == -1 && PyErr_Occurred()) || rows_take(&out, args[1], frame, 7) < 0) {
        return NULL;
    }
    if (headline < -1 || headline >= n) {
        return drop_all(&out, 1, do_not_fit());
    }
    double *rows = out.view.buf;
    double until = 0, before = 0;
    for (Py_ssize_t row = 0; row < headline; row++) {
        until += frame->sizes[row];
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        const double since = headline >= 0 ? (double)(row - headline) : 0;
        const int32_t heading = frame->heading[row];
        rows[row] = signed_log(since);
        rows[n + row] = headline >= 0 ? signed_log(before - until) : 0;
        rows[2 * n + row] = since > 0;
        rows[3 * n + row] = headline >= 0;
        rows[4 * n + row] = log_of((double)(heading >= 0 ? row - heading : n));
        rows[5 * n + row] = heading >= 0 ? kind_of(frame, heading) & RANK : 0;
        rows[6 * n + row] = heading >= 0 ? share_of(frame->links[heading], frame->sizes[heading]) : 0;
        before += frame->sizes[row];
    }
    return drop_all(&out, 1, 0);
}

/* -- the best part ------------------------------------------------------------------------------------------------ */

typedef struct {
    Py_ssize_t start, end;
} Range;

/* _readability_top. through: cumulative sizes and links, n + 1 each; scores: k zeros. */
static Py_ssize_t
readability_top(const Frame *frame, const double *sizes, const double *links, double *scores, double *grand)
{
    for (Py_ssize_t row = 0; row < frame->n; row++) {
        if (frame->sizes[row] >= 25) {
            const double points = 1 + frame->counts[row * CLASSES + COMMA] + least(frame->sizes[row] / 100, 3);
            const int32_t parent = frame->parents[frame->owners[row]];
            scores[parent] += points;
            grand[frame->parents[parent]] += points / 2;
        }
    }
    Py_ssize_t top = 0;
    double best = -INFINITY;
    for (Py_ssize_t element = 0; element < frame->k; element++) {
        const int32_t first = frame->first[element], last = frame->last[element];
        const double score =
            (scores[element] + grand[element]) * (1 - share_of(links[last] - links[first], sizes[last] - sizes[first]));
        if (score > best) {
            best = score;
            top = element;
        }
    }
    return top;
}

/* best_subtree of the prose values. */
static Py_ssize_t
best_subtree(const Frame *frame, const double *prose)
{
    double best = -INFINITY;
    for (Py_ssize_t element = 0; element < frame->k; element++) {
        best = most(prose[frame->last[element]] - prose[frame->first[element]], best);
    }
    for (Py_ssize_t element = frame->k; element-- > 0;) {
        const int32_t first = frame->first[element], last = frame->last[element];
        if (last > first && prose[last] - prose[first] >= best - 1e-9) {
            return element;
        }
    }
    return 0;
}

/* max_subsequence, of the sums from the beginning. */
static Range
best_run(const double *through, Py_ssize_t n)
{
    Range run = {0, 0};
    double lowest = through[0], best = -INFINITY;
    for (Py_ssize_t row = 0; row < n; row++) {
        const double gain = through[row + 1] - lowest;
        if (gain > best) {
            best = gain;
            run.end = row + 1;
        }
        lowest = least(through[row + 1], lowest);
    }
    for (Py_ssize_t row = 1; row < run.end; row++) {
        run.start = through[row] < through[run.start] ? row : run.start;
    }
    return run;
}

METHOD(in_best)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n, k = frame->k;
    Numbers out;
    if (!arguments_are("in_best", given, 1) || rows_take(&out, args[0], frame, 15) < 0) {
        return NULL;
    }
    double *sizes = room_for(3 * (n + 1) + 2 * k, sizeof(double));
    if (sizes == NULL) {
        return drop_all(&out, 1, -1);
    }
    double *links = sizes + n + 1, *prose = links + n + 1, *scores = prose + n + 1;
    for (Py_ssize_t row = 0; row < n; row++) {
        sizes[row + 1] = sizes[row] + frame->sizes[row];
        links[row + 1] = links[row] + frame->links[row];
        prose[row + 1] = prose[row] + prose_of(frame, row);
    }
    Range ranges[3] = {{0, 0}};
    if (n > 0) {
        const Py_ssize_t top = readability_top(frame, sizes, links, scores, scores + k), best = best_subtree(frame, prose);
        ranges[0] = (Range){frame->first[top], frame->last[top]};
        ranges[1] = (Range){frame->first[best], frame->last[best]};
        ranges[2] = best_run(prose, n);
    }
    for (int scorer = 0; scorer < 3; scorer++) {
        const Py_ssize_t start = ranges[scorer].start, end = ranges[scorer].end;
        const double share = (sizes[end] - sizes[start]) / frame->total;
        const double steps = (double)(end - start > 2 ? end - start - 1 : 1);
        double *rows = (double *)out.view.buf + scorer * 5 * n;
        for (Py_ssize_t row = 0; row < n; row++) {
            const int inside = row >= start && row < end;
            rows[row] = inside;
            rows[n + row] = inside ? (double)(row - start) / steps : 0;
            rows[2 * n + row] = row < start ? log_of((double)(start - row)) : 0;
            rows[3 * n + row] = row >= end ? log_of((double)(row - end + 1)) : 0;
            rows[4 * n + row] = share;
        }
    }
    PyMem_Free(sizes);
    return drop_all(&out, 1, 0);
}

/* -- containers --------------------------------------------------------------------------------------------------- */

static inline double
place_in(const Frame *frame, Py_ssize_t row, int32_t element)
{
    const int32_t first = frame->first[element], last = frame->last[element];
    return (double)(row - first) / (double)(last - first > 2 ? last - first - 1 : 1);
}

METHOD(in_containers)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers out;
    if (!arguments_are("in_containers", given, 1) || rows_take(&out, args[0], frame, 5) < 0) {
        return NULL;
    }
    int32_t *section = room_for(frame->k, sizeof(int32_t));
    if (section == NULL) {
        return drop_all(&out, 1, -1);
    }
    for (int32_t element = 0; element < (int32_t)frame->k; element++) {
        const int is_one = frame->kinds[frame->nodes[element]] & SECTION;
        section[element] = is_one ? element : element > 0 ? section[frame->parents[element]] : -1;
    }
    double *rows = out.view.buf;
    for (Py_ssize_t row = 0; row < n; row++) {
        const int32_t near = frame->levels[1][row], around = section[frame->owners[row]];
        rows[row] = place_in(frame, row, near);
        rows[n + row] = place_in(frame, row, frame->levels[2][row]);
        rows[2 * n + row] = row == frame->first[near];
        rows[3 * n + row] = row == frame->last[near] - 1;
        rows[4 * n + row] = around >= 0 ? place_in(frame, row, around) : -1;
    }
    PyMem_Free(section);
    return drop_all(&out, 1, 0);
}

/* -- pictures ----------------------------------------------------------------------------------------------------- */

/* As far up as a picture is looked for. */
enum { FAR = 6 };

/* Elements from a block's own up to one that holds a node too. */
static double
steps_to(const Frame *frame, int32_t element, int64_t node)
{
    int steps = 0;
    while (steps < FAR && (frame->nodes[element] > node || frame->node_ends[element] <= node)) {
        element = frame->parents[element];
        steps++;
    }
    return steps;
}

/* pictures_around(starts, rows): the first node of each block. */
METHOD(pictures_around)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers starts, out;
    if (!arguments_are("pictures_around", given, 2) || column_take(&starts, args[0], INTEGERS, 8, n) < 0) {
        return NULL;
    }
    if (rows_take(&out, args[1], frame, 4) < 0) {
        return drop_all(&starts, 1, -1);
    }
    const int64_t *start = starts.view.buf;
    double *rows = out.view.buf;
    for (Py_ssize_t row = 0; row < n; row++) {
        rows[row] = rows[2 * n + row] = log_of(frame->total);
        rows[n + row] = rows[3 * n + row] = FAR + 1;
    }
    /* The text between is that of the blocks that begin behind the picture. */
    double text = 0;
    Py_ssize_t node = 0, last = -1;
    for (Py_ssize_t row = 0; row < n; row++) {
        for (; node < frame->m && node <= start[row]; node++) {
            if (frame->kinds[node] & IMAGE) {
                last = node;
                text = 0;
            }
        }
        if (last >= 0) {
            rows[row] = log_of(text);
            rows[n + row] = steps_to(frame, frame->owners[row], last);
        }
        text += last < start[row] ? frame->sizes[row] : 0;
    }
    text = 0;
    node = frame->m - 1;
    last = -1;
    for (Py_ssize_t row = n; row-- > 0;) {
        for (; node >= 0 && node > start[row]; node--) {
            if (frame->kinds[node] & IMAGE) {
                last = node;
                text = 0;
            }
        }
        if (last >= 0) {
            rows[2 * n + row] = log_of(text);
            rows[3 * n + row] = steps_to(frame, frame->owners[row], last);
        }
        text += frame->sizes[row];
    }
    numbers_drop(&starts);
    return drop_all(&out, 1, 0);
}
