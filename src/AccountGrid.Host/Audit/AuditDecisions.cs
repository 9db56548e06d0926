using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Decisions about readings against the events that tell of them, which are kept for ever: the last one about a time stands with its point, and no point has a
/// decision that nobody took.
/// </summary>
internal static class AuditDecisions
{
    private const string Sql = """
        select account, event::text from account_event where partition = $1 and position < $2 and event->>'type' = 'reading-decided' order by position
        """;

    /// <summary>Events of decisions before a position, in their order.</summary>
    private static async Task<List<(int Account, ReadingDecided Decided)>> LoadAsync(NpgsqlConnection connection, int partition, long position)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = partition });
        command.Parameters.Add(new() { Value = position });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<(int, ReadingDecided)>();
        while (await reader.ReadAsync())
        {
            events.Add((reader.GetInt32(0), (ReadingDecided)StoredEvents.Read(reader.GetString(1))));
        }

        return events;
    }

    /// <param name="seen">Points of each register of a meter in its time on an account. Decisions are about 1.8.0 only.</param>
    public static async Task<List<string>> DifferencesAsync(NpgsqlConnection connection, int partition, long position, IEnumerable<AccountState> accounts,
        Dictionary<(int Meter, int Assignment, RegisterKind Register), List<Point>> seen)
    {
        var events = (await LoadAsync(connection, partition, position)).ToLookup(e => e.Account, e => e.Decided);
        return
        [
            .. accounts.SelectMany(a => a.Meters.SelectMany(m =>
                Differences(events[a.Number], m.Number, m.Assignment > 0, seen[(m.Number, m.Assignment, RegisterKind.Import)])
                    .Select(d => $"account {a.Number}: {d}"))),
        ];
    }

    /// <param name="events">Of the account, in their order.</param>
    /// <param name="meter">One that is or was on it.</param>
    /// <param name="moved">Whether the meter came from another account, perhaps with decisions that were taken there.</param>
    /// <param name="points">Of its time on the account.</param>
    public static IEnumerable<string> Differences(IEnumerable<ReadingDecided> events, int meter, bool moved, IReadOnlyList<Point> points)
    {
        var decisions = events.Where(e => e.Meter == meter && IsOfPoint(e)).GroupBy(e => e.AtMs).ToDictionary(g => g.Key, g => g.Last());
        foreach (var point in points.Skip(1))
        {
            var wrong = (point.Decision, decisions.GetValueOrDefault(point.TimeMs)) switch
            {
                (null, null or { Decision: ReadingDecision.Withdraw }) => null,

                // A higher revision, or a measured value after an estimate, is a value of its own.
                (null, { } told) => point.Revision > 0 || (told.OfEstimate && !AuditLine.IsEstimate(point))
                    ? null : $"does not have the decision to {Word(told.Decision)} it",
                ({ } kept, null) => moved ? null : $"has a decision to {Word(kept.Kind)} it that no event tells of",
                ({ } kept, { } told) => Is(point, kept, told)
                    ? null : $"has a decision to {Word(kept.Kind)} it, and an event tells to {Word(told.Decision)} it",
            };
            if (wrong is not null)
            {
                yield return $"meter {meter}'s {point.ValueWh} Wh at {Instants.ToText(point.TimeMs)} {wrong}";
            }
        }
    }

    private static string Word(ReadingDecision decision) => decision.ToString().ToLowerInvariant();

    /// <summary>Runs, gaps that are accepted, and readings that are in no line, leave nothing with a point.</summary>
    private static bool IsOfPoint(ReadingDecided e) => e.About is not (VeeOutcome.BeforeInstallation or VeeOutcome.AfterRemoval or VeeOutcome.TooLate
        or VeeOutcome.AccountLimit or VeeOutcome.ZeroRun or VeeOutcome.FrozenRun) && !(e.About == VeeOutcome.Gap && e.Decision == ReadingDecision.Accept);

    private static bool Is(Point point, PointDecision kept, ReadingDecided told) => point.ValueWh == told.ToWh
        && kept.Kind == (told.About == VeeOutcome.Conflict && told.Decision is (ReadingDecision.Accept or ReadingDecision.Dismiss)
            ? ReadingDecision.Confirm : told.Decision)
        && (kept.Kind is not (ReadingDecision.Accept or ReadingDecision.Rollover or ReadingDecision.SetBack) || kept.Wh == told.UpToWh)
        && (kept.Kind != ReadingDecision.Estimate || AuditLine.IsEstimate(point));
}
