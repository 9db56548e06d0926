using AccountGrid.Host.Database;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Audit;

/// <summary>What an audit has from outside the database.</summary>
/// <param name="Secret">The grid's secret, opened with the personal-data key.</param>
/// <param name="Heads">Where the chains of the audit trail ended when it was recorded.</param>
/// <param name="Differences">What was wrong with the records themselves.</param>
internal sealed record AuditWitness(GridSecret Secret, IReadOnlyList<TrailHead> Heads, IReadOnlyList<string> Differences)
{
    /// <summary>Reads files of heads. Throws <see cref="StartException"/> for one that is not there.</summary>
    public static AuditWitness Read(GridSecret secret, Guid grid, IEnumerable<string> files)
    {
        var (heads, differences) = (new List<TrailHead>(), new List<string>());
        foreach (var file in files)
        {
            var read = TrailHeadsFile.Read(TrailHeadsFile.KeyOf(secret), grid, file,
                File.Exists(file) ? File.ReadLines(file) : throw new StartException($"--heads: there is no file {file}."));
            heads.AddRange(read.Heads);
            differences.AddRange(read.Differences);
        }

        return new AuditWitness(secret, heads, differences);
    }
}
