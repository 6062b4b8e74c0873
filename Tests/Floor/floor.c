// The floor: how fast SQLite itself takes the rows of a given database, with one prepared statement per table in
// one transaction and nothing else. A benchmark of ours is held against the floor of its own rows in the same run.
//
//   floor [--synchronous full|normal] [--repeat N] SOURCE.sqlite DEST.sqlite TABLE...
//
// The rows are read from SOURCE into memory first, their types kept. For each repetition DEST is made anew, with the
// tables, and the indexes on them, that SOURCE has; then BEGIN, the inserts and COMMIT are timed, in WAL mode.

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_TABLES 256
#define MAX_REPEAT 1000

typedef struct {
    int type;
    int length;
    union {
        sqlite3_int64 integer;
        double real;
        char *bytes;
    } as;
} Cell;

typedef struct {
    const char *name;
    char *create;
    char *indexes;  // All of them, separated by semicolons.
    char *insert;
    int columns;
    size_t rows;
    size_t capacity;
    Cell *cells;
} Table;

typedef struct {
    double wall;
    double cpu;
} Timing;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "floor: %s: %s\n", what, why);
    exit(1);
}

static void *claim(void *memory) {
    if (memory == NULL) fail("memory", "not enough for the rows");
    return memory;
}

static void check(sqlite3 *db, int code, const char *what) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) fail(what, sqlite3_errmsg(db));
}

static void run(sqlite3 *db, const char *sql) { check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), sql); }

static double milliseconds(clockid_t clock) {
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) fail("clock", strerror(errno));
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    check(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL), sql);
    return statement;
}

static void read_schema(sqlite3 *db, Table *table) {
    sqlite3_stmt *find = prepare(
        db, "SELECT type, sql FROM sqlite_schema WHERE tbl_name = ?1 AND type IN ('table', 'index') AND sql NOT NULL");
    sqlite3_bind_text(find, 1, table->name, -1, SQLITE_STATIC);
    table->indexes = claim(sqlite3_mprintf("%s", ""));
    while (sqlite3_step(find) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(find, 0);
        const char *sql = (const char *)sqlite3_column_text(find, 1);
        if (strcmp(type, "table") == 0) {
            table->create = claim(sqlite3_mprintf("%s", sql));
        } else {
            char *longer = claim(sqlite3_mprintf("%s%s;\n", table->indexes, sql));
            sqlite3_free(table->indexes);
            table->indexes = longer;
        }
    }
    sqlite3_finalize(find);
    if (table->create == NULL) fail(table->name, "there is no such table in the source");
}

static Cell read_cell(sqlite3_stmt *statement, int column) {
    Cell cell = {.type = sqlite3_column_type(statement, column)};
    switch (cell.type) {
    case SQLITE_INTEGER:
        cell.as.integer = sqlite3_column_int64(statement, column);
        break;
    case SQLITE_FLOAT:
        cell.as.real = sqlite3_column_double(statement, column);
        break;
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
        const void *bytes = sqlite3_column_blob(statement, column);
        cell.length = sqlite3_column_bytes(statement, column);
        cell.as.bytes = claim(malloc((size_t)cell.length + 1));
        if (cell.length > 0) memcpy(cell.as.bytes, bytes, (size_t)cell.length);
        break;
    }
    default:
        break;
    }
    return cell;
}

static void read_rows(sqlite3 *db, Table *table) {
    char *sql = claim(sqlite3_mprintf("SELECT * FROM \"%w\"", table->name));
    sqlite3_stmt *all = prepare(db, sql);
    sqlite3_free(sql);
    table->columns = sqlite3_column_count(all);
    table->insert = claim(sqlite3_mprintf("INSERT INTO \"%w\"(", table->name));
    char *marks = claim(sqlite3_mprintf("%s", ""));
    for (int column = 0; column < table->columns; column++) {
        const char *comma = column == 0 ? "" : ", ";
        char *longer =
            claim(sqlite3_mprintf("%s%s\"%w\"", table->insert, comma, sqlite3_column_name(all, column)));
        char *more = claim(sqlite3_mprintf("%s%s?", marks, comma));
        sqlite3_free(table->insert);
        sqlite3_free(marks);
        table->insert = longer;
        marks = more;
    }
    char *whole = claim(sqlite3_mprintf("%s) VALUES (%s)", table->insert, marks));
    sqlite3_free(table->insert);
    sqlite3_free(marks);
    table->insert = whole;

    int code;
    while ((code = sqlite3_step(all)) == SQLITE_ROW) {
        if (table->rows == table->capacity) {
            table->capacity = table->capacity == 0 ? 1024 : table->capacity * 2;
            size_t size = table->capacity * (size_t)table->columns * sizeof(Cell);
            table->cells = claim(realloc(table->cells, size));
        }
        Cell *row = table->cells + table->rows * (size_t)table->columns;
        for (int column = 0; column < table->columns; column++) row[column] = read_cell(all, column);
        table->rows++;
    }
    check(db, code, table->name);
    sqlite3_finalize(all);
}

static int bind_cell(sqlite3_stmt *statement, int position, const Cell *cell) {
    switch (cell->type) {
    case SQLITE_INTEGER:
        return sqlite3_bind_int64(statement, position, cell->as.integer);
    case SQLITE_FLOAT:
        return sqlite3_bind_double(statement, position, cell->as.real);
    case SQLITE_TEXT:
        return sqlite3_bind_text(statement, position, cell->as.bytes, cell->length, SQLITE_STATIC);
    case SQLITE_BLOB:
        return sqlite3_bind_blob(statement, position, cell->as.bytes, cell->length, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(statement, position);
    }
}

static void insert_rows(sqlite3 *db, const Table *table) {
    sqlite3_stmt *insert = prepare(db, table->insert);
    for (size_t row = 0; row < table->rows; row++) {
        const Cell *cells = table->cells + row * (size_t)table->columns;
        for (int column = 0; column < table->columns; column++) {
            check(db, bind_cell(insert, column + 1, cells + column), table->name);
        }
        check(db, sqlite3_step(insert), table->name);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
}

static void remove_database(const char *path) {
    const char *endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char *file = claim(sqlite3_mprintf("%s%s", path, endings[i]));
        if (unlink(file) != 0 && errno != ENOENT) fail(file, strerror(errno));
        sqlite3_free(file);
    }
}

static Timing measure(const char *path, const char *synchronous, const Table *tables, int count) {
    remove_database(path);
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK) fail(path, sqlite3_errmsg(db));
    run(db, "PRAGMA journal_mode = WAL");
    char *sql = claim(sqlite3_mprintf("PRAGMA synchronous = %s", synchronous));
    run(db, sql);
    sqlite3_free(sql);
    for (int i = 0; i < count; i++) {
        run(db, tables[i].create);
        run(db, tables[i].indexes);
    }
    double wall = milliseconds(CLOCK_MONOTONIC), cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
    run(db, "BEGIN IMMEDIATE");
    for (int i = 0; i < count; i++) insert_rows(db, &tables[i]);
    run(db, "COMMIT");
    Timing timing = {
        .wall = milliseconds(CLOCK_MONOTONIC) - wall,
        .cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
    };
    check(db, sqlite3_close(db), path);
    return timing;
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, ascending);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static long long file_bytes(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail(path, strerror(errno));
    long long bytes = ftell(file);
    fclose(file);
    return bytes;
}

static void usage(void) {
    fprintf(
        stderr,
        "usage: floor [--synchronous full|normal] [--repeat N] SOURCE.sqlite DEST.sqlite TABLE...\n"
        "DEST must not be SOURCE: it is deleted and made anew.\n");
    exit(64);
}

int main(int argc, char **argv) {
    const char *synchronous = "full";
    long repeat = 1;
    int at = 1;
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        if (strcmp(argv[at], "--synchronous") == 0) {
            synchronous = argv[at + 1];
            if (strcmp(synchronous, "full") != 0 && strcmp(synchronous, "normal") != 0) usage();
        } else if (strcmp(argv[at], "--repeat") == 0) {
            char *end;
            repeat = strtol(argv[at + 1], &end, 10);
            if (*end != '\0' || repeat < 1 || repeat > MAX_REPEAT) usage();
        } else {
            usage();
        }
    }
    int count = argc - at - 2;
    if (count < 1 || count > MAX_TABLES) usage();
    const char *source = argv[at], *destination = argv[at + 1];
    char *from = realpath(source, NULL), *to = realpath(destination, NULL);
    if (from == NULL) fail(source, strerror(errno));
    if (to != NULL && strcmp(from, to) == 0) usage();
    free(from);
    free(to);

    static Table tables[MAX_TABLES];
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(source, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) fail(source, sqlite3_errmsg(db));
    size_t rows = 0;
    for (int i = 0; i < count; i++) {
        tables[i].name = argv[at + 2 + i];
        read_schema(db, &tables[i]);
        read_rows(db, &tables[i]);
        rows += tables[i].rows;
    }
    sqlite3_close(db);

    static double wall[MAX_REPEAT], cpu[MAX_REPEAT];
    for (long i = 0; i < repeat; i++) {
        Timing timing = measure(destination, synchronous, tables, count);
        wall[i] = timing.wall;
        cpu[i] = timing.cpu;
    }
    double middle = median(wall, (int)repeat), middle_cpu = median(cpu, (int)repeat);
    printf("rows %zu\nbytes %lld\nrepeat %ld\nsynchronous %s\n", rows, file_bytes(destination), repeat, synchronous);
    printf("milliseconds min %.3f median %.3f\n", wall[0], middle);
    printf("cpu milliseconds min %.3f median %.3f\n", cpu[0], middle_cpu);
    return 0;
}
