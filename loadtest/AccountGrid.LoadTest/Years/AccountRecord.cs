using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>Everything that the year left of one account.</summary>
internal sealed record AccountRecord(YearPerson Person, PolicyDefinition Pack, List<StoredEvent> Events, List<StoredEntry> Entries, List<StoredNotice> Notices,
    long BalanceNano, bool HasDueRow)
{
    /// <summary>The relay when the record at a position was folded.</summary>
    public Relay RelayAfter(long position) =>
        Events.FindLast(e => e.Event is RelayChanged && e.Position <= position)?.Event is RelayChanged last ? last.To : Relay.On;
}
