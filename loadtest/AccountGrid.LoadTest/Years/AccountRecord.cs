using AccountGrid.Domain.Policies;

namespace AccountGrid.LoadTest.Years;

/// <summary>Everything that the year left of one account.</summary>
internal sealed record AccountRecord(YearPerson Person, PolicyDefinition Pack, List<StoredEvent> Events, List<StoredEntry> Entries, List<StoredNotice> Notices,
    long BalanceNano, bool HasDueRow);
