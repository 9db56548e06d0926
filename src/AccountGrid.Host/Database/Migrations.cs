using System.Text;
using AccountGrid.Streams.Postgres;
using DbUp.Engine;

namespace AccountGrid.Host.Database;

/// <summary>
/// The scripts that make the schema, by number. A released script never changes: a later change is a further script with the next number, which may only add
/// what the release before can ignore.
/// </summary>
internal static class Migrations
{
    private const string Folder = "AccountGrid.Host.Database.Migrations.";

    /// <summary>The log's own schema, and then this program's scripts in the order of their names.</summary>
    public static IReadOnlyList<SqlScript> All { get; } = [new SqlScript("0000_log.sql", PostgresLogSchema.Sql), .. Embedded()];

    private static IEnumerable<SqlScript> Embedded()
    {
        var assembly = typeof(Migrations).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            yield return new SqlScript(name[Folder.Length..], reader.ReadToEnd());
        }
    }
}
