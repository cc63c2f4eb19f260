/* What the different words of a page say: the compiled forms of guess_language and topic_bits in
 * declutter/features/languages.py, and of the counts of spoken words in discourse.py. */
#include "speedups.h"

/* The bits of a word in a dict, 0 for none; -1 with an exception, which is asked for. */
static int64_t
bits_in(PyObject *table, PyObject *word)
{
    PyObject *bits = PyDict_GetItemWithError(table, word);
    return bits != NULL ? PyLong_AsLongLong(bits) : PyErr_Occurred() ? -1 : 0;
}

PyDoc_STRVAR(language_hits_doc, "language_hits(words, common, counts, hits): add the count of each word to its languages, by bit.");

static PyObject *
language_hits(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}};
    Numbers arrays[2];
    if (!arguments_are("language_hits", given, 4)) {
        return NULL;
    }
    if (!PyList_Check(args[0]) || !PyDict_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "language_hits takes a list, a dict and arrays");
        return NULL;
    }
    if (take_all(arrays, args + 2, forms, 2, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t words = PyList_GET_SIZE(args[0]);
    int64_t *hits = arrays[1].view.buf;
    int done = arrays[0].length != words || arrays[1].length > 62 ? do_not_fit() : 0;
    for (Py_ssize_t number = 0; done == 0 && number < words; number++) {
        const int64_t bits = bits_in(args[1], PyList_GET_ITEM(args[0], number));
        if (bits == -1 && PyErr_Occurred()) {
            done = -1;
        }
        for (Py_ssize_t language = 0; done == 0 && bits != 0 && language < arrays[1].length; language++) {
            hits[language] += (bits >> language & 1) * ((const int64_t *)arrays[0].view.buf)[number];
        }
    }
    return drop_all(arrays, 2, done);
}

/* -- beginnings --------------------------------------------------------------------------------------------------- */

enum { PREFIX = 3, MARKS = 64 };

/* Which beginnings there may be: most words are told apart without a look at the dict. */
typedef struct {
    uint64_t marks[MARKS];
} Filter;

static inline unsigned
place_of(PyObject *word)
{
    const int kind = PyUnicode_KIND(word);
    const void *data = PyUnicode_DATA(word);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(word) < PREFIX ? PyUnicode_GET_LENGTH(word) : PREFIX;
    uint32_t hash = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        hash = (hash + PyUnicode_READ(kind, data, i)) * 0x9E3779B1u;
    }
    return hash >> 20;
}

static int
fill_filter(Filter *filter, PyObject *beginnings)
{
    Py_ssize_t place = 0;
    PyObject *key, *stems;
    while (PyDict_Next(beginnings, &place, &key, &stems)) {
        if (!is_text(key)) {
            return -1;
        }
        if (!PyList_Check(stems)) {
            PyErr_SetString(PyExc_TypeError, "a beginning has a list of stems");
            return -1;
        }
        filter->marks[place_of(key) / 64] |= (uint64_t)1 << place_of(key) % 64;
    }
    return 0;
}

/* The bits of the stems that a word begins with; shorter ones stand for whole words. -1 with an exception. */
static int64_t
stem_bits(PyObject *word, PyObject *beginnings)
{
    PyObject *key = PyUnicode_Substring(word, 0, PREFIX);
    PyObject *stems = key == NULL ? NULL : PyDict_GetItemWithError(beginnings, key);
    int64_t bits = 0;
    Py_XDECREF(key);
    for (Py_ssize_t place = 0; stems != NULL && place < PyList_GET_SIZE(stems); place++) {
        PyObject *stem, *pair = PyList_GET_ITEM(stems, place);
        long long bit;
        if (!PyTuple_Check(pair)) {
            PyErr_SetString(PyExc_TypeError, "a stem is a pair of a text and a bit");
            return -1;
        }
        if (!PyArg_ParseTuple(pair, "UL", &stem, &bit)) {
            return -1;
        }
        const Py_ssize_t length = PyUnicode_GET_LENGTH(stem);
        if (length < PREFIX && length != PyUnicode_GET_LENGTH(word)) {
            continue;
        }
        const Py_ssize_t fits = PyUnicode_Tailmatch(word, stem, 0, PY_SSIZE_T_MAX, -1);
        if (fits < 0) {
            return -1;
        }
        bits |= fits ? bit : 0;
    }
    return PyErr_Occurred() ? -1 : bits;
}

static int
find_bits(PyObject *words, PyObject *persons, PyObject *beginnings, int shift, int64_t *bits)
{
    Filter filter = {{0}};
    if (fill_filter(&filter, beginnings) < 0) {
        return -1;
    }
    for (Py_ssize_t number = 0; number < PyList_GET_SIZE(words); number++) {
        PyObject *word = PyList_GET_ITEM(words, number);
        if (!is_text(word)) {
            return -1;
        }
        bits[number] = bits_in(persons, word);
        if (bits[number] == -1 && PyErr_Occurred()) {
            return -1;
        }
        if (filter.marks[place_of(word) / 64] >> place_of(word) % 64 & 1) {
            const int64_t topics = stem_bits(word, beginnings);
            if (topics < 0) {
                return -1;
            }
            bits[number] |= (int64_t)((uint64_t)topics << shift);
        }
        if (bits[number] < 0) {
            return PyErr_Occurred() ? -1 : do_not_fit();
        }
    }
    return 0;
}

PyDoc_STRVAR(word_bits_doc, "word_bits(words, persons, beginnings, shift, bits): the kinds of each word: bits of persons, and\n"
                            "behind `shift` those of stems.");

static PyObject *
word_bits(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    Numbers bits;
    if (!arguments_are("word_bits", given, 5)) {
        return NULL;
    }
    const long shift = PyLong_AsLong(args[3]);
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (!PyList_Check(args[0]) || !PyDict_Check(args[1]) || !PyDict_Check(args[2]) || shift < 0 || shift > 30) {
        PyErr_SetString(PyExc_TypeError, "word_bits takes a list, two dicts, a number of bits and an array");
        return NULL;
    }
    if (numbers_take(&bits, args[4], INTEGERS, 8, 1) < 0) {
        return NULL;
    }
    const int fits = bits.length == PyList_GET_SIZE(args[0]);
    return drop_all(&bits, 1, fits ? find_bits(args[0], args[1], args[2], (int)shift, bits.view.buf) : do_not_fit());
}

PyDoc_STRVAR(spoken_words_doc, "spoken_words(bits, numbers, rows, hits): add each word of each row to the kinds that it is of.");

static PyObject *
spoken_words(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    static const Form forms[] = {{INTEGERS, 8}, {INTEGERS, 8}, {INTEGERS, 8}, {FLOATS, 8}};
    Numbers arrays[4];
    if (!arguments_are("spoken_words", given, 4) || take_all(arrays, args, forms, 4, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t kinds = arrays[3].view.ndim == 2 ? arrays[3].view.shape[0] : 0;
    const Py_ssize_t n = arrays[3].view.ndim == 2 ? arrays[3].view.shape[1] : 0;
    const int64_t *bits = arrays[0].view.buf, *numbers = arrays[1].view.buf, *rows = arrays[2].view.buf;
    double *hits = arrays[3].view.buf;
    int done = kinds > 62 || arrays[1].length != arrays[2].length ? do_not_fit() : 0;
    for (Py_ssize_t place = 0; done == 0 && place < arrays[1].length; place++) {
        if (numbers[place] < 0 || numbers[place] >= arrays[0].length || rows[place] < 0 || rows[place] >= n) {
            done = do_not_fit();
            break;
        }
        const int64_t of_word = bits[numbers[place]];
        for (Py_ssize_t kind = 0; of_word != 0 && kind < kinds; kind++) {
            hits[kind * n + rows[place]] += (double)(of_word >> kind & 1);
        }
    }
    return drop_all(arrays, 4, done);
}

/* -- the ends of blocks ------------------------------------------------------------------------------------------- */

/* Whether a str holds a character; a handful of them. */
static int
holds(PyObject *characters, Py_UCS4 character)
{
    return PyUnicode_FindChar(characters, character, 0, PyUnicode_GET_LENGTH(characters), 1) >= 0;
}

PyDoc_STRVAR(endings_doc, "endings(texts, window, stops, closers, colons, rows): line breaks, and whether the last character\n"
                          "is a stop (before closing marks) or a colon; of the last `window` characters, white space left out.");

static PyObject *
endings(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t given)
{
    Numbers out;
    if (!arguments_are("endings", given, 6)) {
        return NULL;
    }
    const Py_ssize_t window = PyLong_AsSsize_t(args[1]);
    if (PyErr_Occurred() || !is_text(args[2]) || !is_text(args[3]) || !is_text(args[4])) {
        return NULL;
    }
    if (!PyList_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "texts are a list");
        return NULL;
    }
    if (numbers_take(&out, args[5], FLOATS, 8, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t n = PyList_GET_SIZE(args[0]);
    double *rows = out.view.buf;
    int done = out.length != 3 * n ? do_not_fit() : 0;
    for (Py_ssize_t row = 0; done == 0 && row < n; row++) {
        PyObject *text = PyList_GET_ITEM(args[0], row);
        if (!is_text(text)) {
            done = -1;
            break;
        }
        const int kind = PyUnicode_KIND(text);
        const void *data = PyUnicode_DATA(text);
        Py_ssize_t lines = 0, end = PyUnicode_GET_LENGTH(text);
        for (Py_ssize_t place = 0; place < end; place++) {
            place = PyUnicode_FindChar(text, '\n', place, end, 1);
            if (place < 0) {
                break;
            }
            lines++;
        }
        const Py_ssize_t start = end > window ? end - window : 0;
        while (end > start && Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, end - 1))) {
            end--;
        }
        rows[row] = (double)lines;
        rows[2 * n + row] = end > start && holds(args[4], PyUnicode_READ(kind, data, end - 1));
        while (end > start && holds(args[3], PyUnicode_READ(kind, data, end - 1))) {
            end--;
        }
        rows[n + row] = end > start && holds(args[2], PyUnicode_READ(kind, data, end - 1));
    }
    return drop_all(&out, 1, done);
}

static PyMethodDef functions[] = {
    {"language_hits", FAST(language_hits), METH_FASTCALL, language_hits_doc},
    {"word_bits", FAST(word_bits), METH_FASTCALL, word_bits_doc},
    {"spoken_words", FAST(spoken_words), METH_FASTCALL, spoken_words_doc},
    {"endings", FAST(endings), METH_FASTCALL, endings_doc},
    {NULL, NULL, 0, NULL},
};

int
add_vocabulary(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
