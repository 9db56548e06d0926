using Npgsql;

namespace AccountGrid.Host.Reconciliation;

/// <summary>
/// Where differences become work for people. Each comparison of a day says all that are open; this is the one place from which a difference can become a case
/// with an owner and a due time.
/// </summary>
internal interface IReconciliationItems
{
    /// <summary>Writes the differences of days as they are now: new ones are opened, and open ones that are gone are closed by themselves.</summary>
    /// <param name="signed">Days that are signed off: what is new there is a correction, and nothing else of them changes.</param>
    Task SetAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string channel, DateOnly from, DateOnly to, IReadOnlyList<ReconciliationItem> items,
        IReadOnlyCollection<DateOnly> signed);
}
