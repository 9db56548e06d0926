using AccountGrid.Domain.Fold;

namespace AccountGrid.LoadTest.Tests;

/// <summary>
/// An account's state is changed by its events, in one place. What is changed beside them is listed in StateWrites.txt, for the reasons in
/// docs/architecture.md; the list can only shrink: a new entry and an entry that no longer holds both fail.
/// </summary>
public sealed class StateWriteTests
{
    [Fact]
    public void What_changes_an_account_beside_its_events_is_listed()
    {
        var found = StateWrites.Of(typeof(PartitionFold).Assembly);
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { } folder)
        {
            File.WriteAllLines(Path.Combine(folder, "StateWrites.txt"), found);
        }

        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "StateWrites.txt")), found);
    }

    /// <summary>The looking itself: a setter, a list and a method of the state are found where they are known to be.</summary>
    [Fact]
    public void A_setter_a_list_and_a_method_of_the_state_are_seen()
    {
        var found = StateWrites.Of(typeof(PartitionFold).Assembly);
        Assert.Contains("Billing/LateFees OverdueState.FeeThroughDay", found);
        Assert.Contains("Overdue/Pauses Customer.Holds", found);
        Assert.Contains("Billing/Bills ItemBook.Ask", found);
        Assert.DoesNotContain(found, f => f.StartsWith("Events/", StringComparison.Ordinal));
    }
}
