using System.Security.Cryptography;
using System.Text;
using AccountGrid.Host.Csv;
using AccountGrid.Host.Http;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Customers;

/// <summary>
/// A CSV file of assignments with the columns kind, id, person and from. It is taken whole or not at all, and once: a file with the same lines, in whatever
/// order, changes nothing.
/// </summary>
internal sealed class AssignmentFile(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Lines of one file: what a person can still look over, and a transaction of seconds.</summary>
    private const int LinesMax = 50_000;

    private static readonly string[] Columns = ["kind", "id", "person", "from"];

    /// <summary>Imports a file. Either an answer, or what is wrong by line.</summary>
    public async Task<(AssignmentFileAnswer? Answer, IReadOnlyList<string> Errors)> ImportAsync(string text, string by)
    {
        var errors = new SortedDictionary<int, string>();
        var lines = Read(text, errors);
        if (errors.Count > 0)
        {
            return (null, [.. errors.Values]);
        }

        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Responsibilities.LockAsync(connection, transaction);
        var hash = HashOf(lines.Values);
        if (await connection.ExecuteScalarAsync<bool>("select exists (select from assignment_file where hash = @hash)", new { hash }, transaction))
        {
            return (new(lines.Count, false), []);
        }

        var now = time.GetUtcNow();
        var all = lines.Values.Distinct().ToList();
        var days = await AssignmentStore.SubjectsAsync(connection, transaction, all, now);
        var fresh = await AssignmentStore.NewOnesAsync(connection, transaction, all);
        foreach (var (line, a) in lines)
        {
            var wrong = days[(a.Kind, a.Subject)] is not { } today ? $"id: there is no {a.Kind} '{a.Subject}'."
                : fresh.Contains(a) && a.From < today ? AssignmentStore.Past("from", a.From, today).Detail
                : null;
            if (wrong is not null)
            {
                errors[line] = $"line {line}: {wrong}";
            }
        }

        if (errors.Count > 0)
        {
            return (null, [.. errors.Values]);
        }

        await connection.ExecuteAsync("insert into assignment_file (hash, line_count, made_by, made_at) values (@hash, @count, @by, @now)",
            new { hash, count = lines.Count, by, now = now.ToUniversalTime() }, transaction);
        await AssignmentStore.AddAsync(connection, transaction, [.. fresh.OrderBy(a => (a.Kind, a.Subject, a.From))], by, now);
        await transaction.CommitAsync();
        return (new(lines.Count, true), []);
    }

    /// <summary>The assignments by line. What is wrong with a line alone, or with two together, goes into <paramref name="errors"/>.</summary>
    internal static SortedDictionary<int, NewAssignment> Read(string text, SortedDictionary<int, string> errors)
    {
        var lines = new SortedDictionary<int, NewAssignment>();
        CsvTable table;
        try
        {
            table = new CsvTable(text);
        }
        catch (FormatException e)
        {
            errors[1] = $"line 1: {e.Message}";
            return lines;
        }

        if (!table.Header.Order().SequenceEqual(Columns.Order()))
        {
            errors[1] = $"line 1: the header: '{string.Join(',', table.Header)}' does not have the columns {string.Join(", ", Columns)} and no others.";
            return lines;
        }

        foreach (var row in table.Rows((line, wrong) => errors[line] = $"line {line}: {wrong}"))
        {
            try
            {
                lines[row.Line] = Of(row);
            }
            catch (FormatException e)
            {
                errors[row.Line] = $"line {row.Line}: {e.Message}";
            }
        }

        foreach (var same in lines.GroupBy(l => (l.Value.Kind, l.Value.Subject, l.Value.From)).Where(g => g.Select(l => l.Value.Person).Distinct().Count() > 1))
        {
            foreach (var (line, a) in same.Skip(1))
            {
                errors[line] = $"line {line}: person: '{a.Person}' is not '{same.First().Value.Person}', whom line {same.First().Key} has for the same day.";
            }
        }

        if (lines.Count is 0 or > LinesMax && errors.Count == 0)
        {
            errors[1] = $"line 1: the file has {lines.Count} lines of assignments; 1 to {LinesMax} are allowed.";
        }

        return lines;
    }

    private static NewAssignment Of(CsvRow row)
    {
        var (kind, id, person) = (row.Text("kind"), row.Id("id"), row.TextOrNull("person"));
        return kind is not ("area" or "customer") ? throw new FormatException($"kind: '{kind}' is not area or customer.")
            : Requests.CheckId("id", id) is { } wrong ? throw new FormatException(wrong.Detail)
            : person is not null && RegistryChecks.Person("person", person) is { } no ? throw new FormatException(no.Detail)
            : new(kind, id, person, row.DayOrNull("from") ?? throw new FormatException("from: it is empty."));
    }

    /// <summary>Of the lines without their order.</summary>
    private static byte[] HashOf(IEnumerable<NewAssignment> lines) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        lines.Select(a => string.Join('\u001f', a.Kind, a.Subject, a.Person, a.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)))
            .Distinct().Order(StringComparer.Ordinal))));
}
