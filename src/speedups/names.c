/* Words of class names and of addresses, and what they say: the compiled forms of name_marks in
 * declutter/features/names.py and of the search of an address in declutter/features/controls.py. */
#include "wordtable.h"

#include <string.h>

/* Longer words are in no list; what is written of names and addresses is cut at this length anyway. */
enum { LONGEST = 64 };

typedef struct {
    PyObject_HEAD
    WordTable table;
    int64_t *bits; /* by number of the word */
} WordBits;

static void
bits_dealloc(PyObject *self)
{
    WordBits *words = (WordBits *)self;
    PyTypeObject *type = Py_TYPE(self);
    wordtable_drop(&words->table);
    PyMem_Free(words->bits);
    type->tp_free(self);
    Py_DECREF(type);
}

static int
read_bits(WordBits *words, PyObject *of_word, Characters *letters)
{
    words->bits = PyMem_Calloc((size_t)PyDict_Size(of_word) + 1, sizeof(int64_t));
    if (words->bits == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t place = 0;
    PyObject *word, *number;
    while (PyDict_Next(of_word, &place, &word, &number)) {
        letters->length = 0;
        const int64_t bits = PyLong_AsLongLong(number);
        if ((bits == -1 && PyErr_Occurred()) || characters_add(letters, word) < 0) {
            return -1;
        }
        if (letters->length == 0 || letters->length > LONGEST || !PyUnicode_IS_ASCII(word)) {
            PyErr_Format(PyExc_ValueError, "%R is no word of names", word);
            return -1;
        }
        uint64_t hash = words->table.secret;
        for (Py_ssize_t i = 0; i < letters->length; i++) {
            hash = hash_with(hash, letters->data[i], words->table.secret);
        }
        const int32_t known = wordtable_number(&words->table, letters->data, letters->length, hash);
        if (known < 0) {
            return -1;
        }
        words->bits[known] = bits;
    }
    return 0;
}

static PyObject *
bits_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"words", NULL};
    PyObject *of_word;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!", keywords, &PyDict_Type, &of_word)) {
        return NULL;
    }
    WordBits *words = (WordBits *)type->tp_alloc(type, 0); /* zeroed, so that it can be dropped half made */
    if (words == NULL) {
        return NULL;
    }
    Characters letters = {NULL, 0, 0};
    const int done = wordtable_make(&words->table) < 0 ? -1 : read_bits(words, of_word, &letters);
    PyMem_Free(letters.data);
    if (done < 0) {
        Py_DECREF(words);
        return NULL;
    }
    return (PyObject *)words;
}

/* -- a word that is being read --------------------------------------------------------------------------------- */

typedef struct {
    Py_UCS4 letters[LONGEST];
    Py_ssize_t length; /* also of those beyond LONGEST */
    uint64_t hash;
} Word;

static inline void
begin(const WordBits *words, Word *word)
{
    word->length = 0;
    word->hash = words->table.secret;
}

static inline void
go_on(const WordBits *words, Word *word, Py_UCS4 letter)
{
    if (word->length < LONGEST) {
        word->letters[word->length] = letter;
    }
    word->length++;
    word->hash = hash_with(word->hash, letter, words->table.secret);
}

static inline int64_t
bits_of(const WordBits *words, const Word *word)
{
    if (word->length == 0 || word->length > LONGEST) {
        return 0;
    }
    const int32_t number = wordtable_find(&words->table, word->letters, word->length, word->hash);
    return number < 0 ? 0 : words->bits[number];
}

static inline int
is_small(Py_UCS4 character)
{
    return character >= 'a' && character <= 'z';
}

static inline int
is_capital(Py_UCS4 character)
{
    return character >= 'A' && character <= 'Z';
}

static inline int
is_letter(Py_UCS4 character)
{
    return is_small(character | 0x20);
}

static inline Py_UCS4
lower(Py_UCS4 character)
{
    return is_capital(character) ? character | 0x20 : character;
}

/* -- names ----------------------------------------------------------------------------------------------------- */

/* The bits of the words [A-Z]?[a-z]+|[A-Z]+ of a name, each in lower case. */
static int64_t
name_bits(const WordBits *words, PyObject *name, Py_ssize_t window)
{
    const int kind = PyUnicode_KIND(name);
    const void *data = PyUnicode_DATA(name);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(name) < window ? PyUnicode_GET_LENGTH(name) : window;
    int64_t bits = 0;
    Word word;
    for (Py_ssize_t i = 0; i < length;) {
        Py_UCS4 character = PyUnicode_READ(kind, data, i);
        if (!is_small(character) && !is_capital(character)) {
            i++;
            continue;
        }
        begin(words, &word);
        const int capitals = is_capital(character) && !(i + 1 < length && is_small(PyUnicode_READ(kind, data, i + 1)));
        do {
            go_on(words, &word, character | 0x20);
            i++;
            character = i < length ? PyUnicode_READ(kind, data, i) : 0;
        } while (capitals ? is_capital(character) : is_small(character));
        bits |= bits_of(words, &word);
    }
    return bits;
}

PyDoc_STRVAR(add_names_doc, "names(values, rows, marks, window): add the bits of values[node] to marks[rows[node]].");

static PyObject *
add_names(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    const WordBits *words = (const WordBits *)self;
    Numbers rows, marks;
    if (!arguments_are("names", count, 4)) {
        return NULL;
    }
    const Py_ssize_t window = PyLong_AsSsize_t(args[3]);
    if (window == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!PyDict_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "the values of an attribute are a dict");
        return NULL;
    }
    if (numbers_take(&rows, args[1], INTEGERS, 8, 0) < 0) {
        return NULL;
    }
    if (numbers_take(&marks, args[2], INTEGERS, 8, 1) < 0) {
        numbers_drop(&rows);
        return NULL;
    }
    /* Equal values are mostly the same object, whose bits are known. */
    enum { KNOWN = 256 };
    PyObject *known[KNOWN] = {NULL};
    int64_t bits_of_known[KNOWN];
    Py_ssize_t place = 0;
    PyObject *key, *value;
    int done = 0;
    while (done == 0 && PyDict_Next(args[0], &place, &key, &value)) {
        const Py_ssize_t node = PyLong_AsSsize_t(key);
        if ((node == -1 && PyErr_Occurred()) || !is_text(value)) {
            done = -1;
        }
        else if (node >= 0 && node < rows.length) {
            const int64_t row = ((const int64_t *)rows.view.buf)[node];
            if (row >= 0 && row < marks.length) {
                const size_t at = ((uintptr_t)value >> 4) % KNOWN;
                if (known[at] != value) {
                    bits_of_known[at] = name_bits(words, value, window);
                    known[at] = value;
                }
                ((int64_t *)marks.view.buf)[row] |= bits_of_known[at];
            }
        }
    }
    numbers_drop(&rows);
    numbers_drop(&marks);
    if (done < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* -- addresses -------------------------------------------------------------------------------------------------- */

/* The bits of the words [a-z0-9]+(?:-[a-z]+)? of ASCII characters, in lower case. */
static int64_t
address_bits(const WordBits *words, const Py_UCS1 *data, Py_ssize_t length)
{
    int64_t bits = 0;
    Word word;
    for (Py_ssize_t i = 0; i < length;) {
        begin(words, &word);
        while (i < length && (is_letter(data[i]) || (data[i] >= '0' && data[i] <= '9'))) {
            go_on(words, &word, lower(data[i++]));
        }
        if (word.length == 0) {
            i++;
            continue;
        }
        if (i + 1 < length && data[i] == '-' && is_letter(data[i + 1])) {
            do {
                go_on(words, &word, lower(data[i++]));
            } while (i < length && is_letter(data[i]));
        }
        bits |= bits_of(words, &word);
    }
    return bits;
}

PyDoc_STRVAR(address_doc, "address(text): the bits of the words [a-z0-9]+(?:-[a-z]+)? of an ASCII text, in any case.");

static PyObject *
address(PyObject *self, PyObject *text)
{
    if (!is_text(text)) {
        return NULL;
    }
    if (!PyUnicode_IS_ASCII(text)) {
        PyErr_SetString(PyExc_ValueError, "an address is ASCII here");
        return NULL;
    }
    return PyLong_FromLongLong(
        address_bits((const WordBits *)self, PyUnicode_1BYTE_DATA(text), PyUnicode_GET_LENGTH(text)));
}

/* Cut an address to its host: what stands between // and the next slash. 0 where there is none. */
static int
cut_to_host(const Py_UCS1 **data, Py_ssize_t *length)
{
    const Py_UCS1 *end = *data + *length;
    for (const Py_UCS1 *at = *data; at + 1 < end; at++) {
        if (at[0] == '/' && at[1] == '/') {
            const Py_UCS1 *host = at + 2, *behind = memchr(host, '/', (size_t)(end - host));
            *length = (behind == NULL ? end : behind) - host;
            *data = host;
            return 1;
        }
    }
    return 0;
}

/* Add a node to each list of `leads` that its bits name; of those without bits to none. */
static int
add_lead(PyObject *leads, PyObject *node, int64_t bits)
{
    for (Py_ssize_t number = 0; bits >> number != 0 && number < PyList_GET_SIZE(leads); number++) {
        PyObject *list = PyList_GET_ITEM(leads, number);
        if (bits >> number & 1 && (!PyList_Check(list) || PyList_Append(list, node) < 0)) {
            if (!PyErr_Occurred()) {
                PyErr_SetString(PyExc_TypeError, "leads is a list of lists");
            }
            return -1;
        }
    }
    return 0;
}

PyDoc_STRVAR(leads_doc, "leads(values, tags, kinds, whose, window, leads, others): append the nodes of these kinds of tags to the\n"
                        "list of each bit that the first `window` characters of their address have, of `whose` only the host;\n"
                        "of an address that is not ASCII to `others`.");

static PyObject *
leads(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (!arguments_are("leads", count, 7)) {
        return NULL;
    }
    const Py_ssize_t window = PyLong_AsSsize_t(args[4]);
    if (window == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!PyDict_Check(args[0]) || !PyList_Check(args[1]) || !PyAnySet_Check(args[2]) || !PyAnySet_Check(args[3]) ||
        !PyList_Check(args[5]) || !PyList_Check(args[6])) {
        PyErr_SetString(PyExc_TypeError, "leads takes a dict, a list, two sets, a length and two lists");
        return NULL;
    }
    Py_ssize_t place = 0;
    PyObject *key, *value;
    while (PyDict_Next(args[0], &place, &key, &value)) {
        const Py_ssize_t node = PyLong_AsSsize_t(key);
        if ((node == -1 && PyErr_Occurred()) || !is_text(value)) {
            return NULL;
        }
        if (node < 0 || node >= PyList_GET_SIZE(args[1])) {
            do_not_fit();
            return NULL;
        }
        PyObject *tag = PyList_GET_ITEM(args[1], node);
        const int wanted = PyUnicode_GET_LENGTH(value) == 0 ? 0 : PySet_Contains(args[2], tag);
        const int host = wanted > 0 ? PySet_Contains(args[3], tag) : 0;
        if (wanted < 0 || host < 0) {
            return NULL;
        }
        if (!wanted) {
            continue;
        }
        if (!PyUnicode_IS_ASCII(value)) {
            if (PyList_Append(args[6], key) < 0) {
                return NULL;
            }
            continue;
        }
        const Py_UCS1 *data = PyUnicode_1BYTE_DATA(value);
        Py_ssize_t length = PyUnicode_GET_LENGTH(value) < window ? PyUnicode_GET_LENGTH(value) : window;
        if (host && !cut_to_host(&data, &length)) {
            continue;
        }
        if (add_lead(args[5], key, address_bits((const WordBits *)self, data, length)) < 0) {
            return NULL;
        }
    }
    Py_RETURN_NONE;
}

/* -- the type --------------------------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"names", FAST(add_names), METH_FASTCALL, add_names_doc},
    {"address", address, METH_O, address_doc},
    {"leads", FAST(leads), METH_FASTCALL, leads_doc},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "WordBits(words): ASCII words in lower case, and the bits of each."},
    {Py_tp_new, bits_new},
    {Py_tp_dealloc, bits_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "declutter._speedups.WordBits",
    .basicsize = sizeof(WordBits),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

int
add_wordbits(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    if (type == NULL) {
        return -1;
    }
    const int added = PyModule_AddObjectRef(module, "WordBits", type);
    Py_DECREF(type);
    return added;
}
