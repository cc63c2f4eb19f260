/* Nodes near a block: the compiled forms of declutter/features/links.py and controls.py, and of PageView.near. */
#include "frame.h"

#include <string.h>

/* -- links -------------------------------------------------------------------------------------------------------- */

/* `of_containers` of links.py. */
METHOD(link_density)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers out;
    if (!arguments_are("link_density", given, 1) || rows_take(&out, args[0], frame, LEVELS - 1) < 0) {
        return NULL;
    }
    double *sizes = room_for(2 * (n + 1), sizeof(double));
    if (sizes == NULL) {
        return drop_all(&out, 1, -1);
    }
    double *links = sizes + n + 1;
    for (Py_ssize_t row = 0; row < n; row++) {
        sizes[row + 1] = sizes[row] + frame->sizes[row];
        links[row + 1] = links[row] + frame->links[row];
    }
    for (int level = 1; level < LEVELS; level++) {
        double *rows = (double *)out.view.buf + (level - 1) * n;
        for (Py_ssize_t row = 0; row < n; row++) {
            const int32_t element = frame->levels[level][row];
            const int32_t first = frame->first[element], last = frame->last[element];
            rows[row] = share_of(links[last] - links[first], sizes[last] - sizes[first]);
        }
    }
    PyMem_Free(sizes);
    return drop_all(&out, 1, 0);
}

enum { INSIDE = 1, ELSEWHERE, SCHEME, TARGETS };

static int
begins(const char *start, Py_ssize_t length, const char *prefix)
{
    const size_t size = strlen(prefix);
    return (size_t)length >= size && memcmp(start, prefix, size) == 0;
}

/* Where an address leads; 0 for another page of the site. */
static int
target_of(PyObject *address)
{
    char start[12]; /* as far as the longest scheme, in lower case; what is not ASCII is no part of one */
    const int kind = PyUnicode_KIND(address);
    const void *data = PyUnicode_DATA(address);
    const Py_ssize_t size = PyUnicode_GET_LENGTH(address);
    Py_ssize_t place = 0, length = 0;
    while (place < size && Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, place))) {
        place++;
    }
    for (; place < size && length < (Py_ssize_t)sizeof(start); place++, length++) {
        const Py_UCS4 point = PyUnicode_READ(kind, data, place);
        start[length] = point >= 'A' && point <= 'Z' ? (char)(point + 32) : point < 128 ? (char)point : 0;
    }
    if (begins(start, length, "http:") || begins(start, length, "https:") || begins(start, length, "//")) {
        return ELSEWHERE;
    }
    if (begins(start, length, "mailto:") || begins(start, length, "tel:") || begins(start, length, "javascript:") ||
        begins(start, length, "whatsapp:")) {
        return SCHEME;
    }
    return begins(start, length, "#") ? INSIDE : 0;
}

static int
count_targets(const Frame *frame, PyObject *addresses, int32_t (*totals)[TARGETS])
{
    Py_ssize_t place = 0;
    PyObject *key, *address;
    while (PyDict_Next(addresses, &place, &key, &address)) {
        const Py_ssize_t node = PyLong_AsSsize_t(key);
        if (node == -1 && PyErr_Occurred()) {
            return -1;
        }
        if (node < 0 || node >= frame->m) {
            return do_not_fit();
        }
        if (!is_text(address)) {
            return -1;
        }
        if (frame->kinds[node] & LINK) {
            totals[node + 1][target_of(address)]++;
        }
    }
    for (Py_ssize_t node = 0; node < frame->m; node++) {
        totals[node + 1][0] = (frame->kinds[node] & LINK) > 0; /* all of them, also without an address */
        for (int target = 0; target < TARGETS; target++) {
            totals[node + 1][target] += totals[node][target];
        }
    }
    return 0;
}

/* targets(addresses, rows): the addresses by node. */
METHOD(targets)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers out;
    if (!arguments_are("targets", given, 2)) {
        return NULL;
    }
    if (!PyDict_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "addresses are a dict");
        return NULL;
    }
    if (rows_take(&out, args[1], frame, 3) < 0) {
        return NULL;
    }
    int32_t(*totals)[TARGETS] = room_for(frame->m + 1, sizeof(*totals));
    const int done = totals == NULL ? -1 : count_targets(frame, args[0], totals);
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        const int32_t *low = totals[frame->run_starts[row]], *high = totals[frame->ends[row]];
        const double all = high[0] - low[0];
        double *rows = (double *)out.view.buf + row;
        rows[0] = share_of(high[ELSEWHERE] - low[ELSEWHERE], all);
        rows[n] = least(high[SCHEME] - low[SCHEME], 1);
        rows[2 * n] = share_of(high[INSIDE] - low[INSIDE], all);
    }
    PyMem_Free(totals);
    return drop_all(&out, 1, done);
}

/* -- nodes below containers --------------------------------------------------------------------------------------- */

/* The nodes of one kind, of a list of them. 0, or -1 with an exception. */
static int
nodes_take(Numbers *nodes, PyObject *kinds, Py_ssize_t kind)
{
    return numbers_take(nodes, PyList_GET_ITEM(kinds, kind), INTEGERS, 8, 0);
}

/* near(kinds, levels, rows): log1p of PageView.near. */
METHOD(near)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers out;
    if (!arguments_are("near", given, 3)) {
        return NULL;
    }
    const Py_ssize_t levels = PyLong_AsSsize_t(args[1]);
    if (levels == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!PyList_Check(args[0]) || levels < 1 || levels > LEVELS) {
        do_not_fit();
        return NULL;
    }
    const Py_ssize_t kinds = PyList_GET_SIZE(args[0]);
    if (rows_take(&out, args[2], frame, kinds * levels) < 0) {
        return NULL;
    }
    memset(out.view.buf, 0, (size_t)out.view.len);
    int32_t *total = room_for(frame->m + 1, sizeof(int32_t));
    int done = total == NULL ? -1 : 0;
    for (Py_ssize_t kind = 0; done == 0 && kind < kinds; kind++) {
        Numbers nodes;
        done = nodes_take(&nodes, args[0], kind);
        if (done == 0) {
            if (nodes.length > 0) { /* most pages have few of the kinds */
                done = count_nodes(frame, &nodes, total);
            }
            for (Py_ssize_t level = 0; done == 0 && nodes.length > 0 && level < levels; level++) {
                double *row = (double *)out.view.buf + (kind * levels + level) * n;
                for (Py_ssize_t block = 0; block < n; block++) {
                    const int32_t element = frame->levels[level][block];
                    row[block] = log_of(total[frame->node_ends[element]] - total[frame->nodes[element]]);
                }
            }
            numbers_drop(&nodes);
        }
    }
    PyMem_Free(total);
    return drop_all(&out, 1, done);
}

/* -- forms -------------------------------------------------------------------------------------------------------- */

/* log1p of the rows to the nearest marked one, at most 50. */
static void
find_distance(const uint8_t *marked, Py_ssize_t n, double *distance)
{
    enum { FAR = 50 };
    Py_ssize_t since = FAR;
    for (Py_ssize_t row = 0; row < n; row++) {
        since = marked[row] ? 0 : since < FAR ? since + 1 : FAR;
        distance[row] = (double)since;
    }
    since = FAR;
    for (Py_ssize_t row = n; row-- > 0;) {
        since = marked[row] ? 0 : since < FAR ? since + 1 : FAR;
        distance[row] = log_of(least(distance[row], (double)since));
    }
}

/* What is in the form around each block: a row a kind of field, whether there is one, its size, its blocks. */
static int
fill_forms(const Frame *frame, PyObject *kinds, int64_t asking, int32_t *around, int32_t *total, uint8_t *asked, double *rows)
{
    const Py_ssize_t n = frame->n, fields = PyList_GET_SIZE(kinds);
    for (int32_t element = 0; element < (int32_t)frame->k; element++) {
        const int is_form = frame->kinds[frame->nodes[element]] & FORM;
        around[element] = is_form ? element : element > 0 ? around[frame->parents[element]] : -1;
    }
    for (Py_ssize_t kind = 0; kind < fields; kind++) {
        Numbers nodes;
        if (nodes_take(&nodes, kinds, kind) < 0) {
            return -1;
        }
        const Py_ssize_t length = nodes.length;
        const int done = length > 0 ? count_nodes(frame, &nodes, total) : 0;
        numbers_drop(&nodes);
        if (done < 0) {
            return -1;
        }
        for (Py_ssize_t row = 0; length > 0 && row < n; row++) {
            const int32_t form = around[frame->owners[row]];
            const int32_t held = form >= 0 ? total[frame->node_ends[form]] - total[frame->nodes[form]] : 0;
            rows[kind * n + row] = log_of(held);
            asked[row] |= held > 0 && (asking >> kind & 1);
        }
    }
    double *others = rows + fields * n, *sizes = room_for(n, sizeof(double));
    if (sizes == NULL) {
        return -1;
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        sizes[row + 1] = sizes[row] + frame->sizes[row];
    }
    for (Py_ssize_t row = 0; row < n; row++) {
        const int32_t form = around[frame->owners[row]];
        if (form >= 0) {
            const int32_t first = frame->first[form], last = frame->last[form];
            others[row] = 1;
            others[n + row] = log_of(sizes[last] - sizes[first]);
            others[2 * n + row] = log_of(last - first);
        }
    }
    PyMem_Free(sizes);
    find_distance(asked, n, others + 3 * n);
    return 0;
}

/* forms(kinds, asking, rows): the nodes of each kind of field; bits of those in which a visitor writes of themselves. */
METHOD(forms)
{
    const Frame *frame = (const Frame *)self;
    Numbers out;
    if (!arguments_are("forms", given, 3)) {
        return NULL;
    }
    const int64_t asking = PyLong_AsLongLong(args[1]);
    if (asking == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!PyList_Check(args[0]) || PyList_GET_SIZE(args[0]) > 62) {
        do_not_fit();
        return NULL;
    }
    if (rows_take(&out, args[2], frame, PyList_GET_SIZE(args[0]) + 4) < 0) {
        return NULL;
    }
    memset(out.view.buf, 0, (size_t)out.view.len);
    int32_t *around = room_for(frame->k, sizeof(int32_t)), *total = room_for(frame->m + 1, sizeof(int32_t));
    uint8_t *asked = room_for(frame->n, 1);
    int done = around == NULL || total == NULL || asked == NULL ? -1 : 0;
    if (done == 0) {
        done = fill_forms(frame, args[0], asking, around, total, asked, out.view.buf);
    }
    PyMem_Free(around);
    PyMem_Free(total);
    PyMem_Free(asked);
    return drop_all(&out, 1, done);
}

/* amounts(rows): the last columns of `widgets`. */
METHOD(amounts)
{
    const Frame *frame = (const Frame *)self;
    const Py_ssize_t n = frame->n;
    Numbers out;
    if (!arguments_are("amounts", given, 1) || rows_take(&out, args[0], frame, LEVELS) < 0) {
        return NULL;
    }
    int32_t *total = room_for(n, sizeof(int32_t));
    if (total == NULL) {
        return drop_all(&out, 1, -1);
    }
    double *rows = out.view.buf;
    for (Py_ssize_t row = 0; row < n; row++) {
        const int money = is_amount(frame, row, 12);
        total[row + 1] = total[row] + money;
        rows[(LEVELS - 1) * n + row] = money;
    }
    for (int level = 0; level < LEVELS - 1; level++) {
        for (Py_ssize_t row = 0; row < n; row++) {
            const int32_t element = frame->levels[level][row];
            rows[level * n + row] = log_of(total[frame->last[element]] - total[frame->first[element]]);
        }
    }
    PyMem_Free(total);
    return drop_all(&out, 1, 0);
}
