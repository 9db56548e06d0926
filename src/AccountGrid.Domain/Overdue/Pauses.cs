using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Overdue;

/// <summary>Holds, announced payments and promises whose time is over.</summary>
internal static class Pauses
{
    /// <summary>Holds, announced payments and a promise whose time is over stop nothing any more.</summary>
    /// <returns>What ended; null is nothing. Weather, like an hour or a day off, is nobody's word: nothing is waited for anew after it.</returns>
    internal static string? EndOverdue(in Moment at)
    {
        var (customer, ms, today) = (at.Customer, at.Ms, at.Today);
        var ended = customer.Holds.Exists(h => h.UntilMs <= ms && h.Kind != HoldKind.Weather) ? "A hold has ended." : null;
        customer.Holds.RemoveAll(h => h.UntilMs <= ms);
        ended = customer.PendingPayments.RemoveAll(p => p.UntilMs <= ms) > 0 ? "An announced payment has not come." : ended;
        if (customer.Overdue.PromiseDay != 0 && customer.Overdue.PromiseDay < today)
        {
            (customer.Overdue.PromiseDay, ended) = (0, "The day of a promise is over.");
        }

        return ended;
    }
}
