using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Accounts;

/// <summary>Adjustments at the ends of their range.</summary>
public sealed class AdjustmentTests
{
    [Fact]
    public void An_adjustment_of_the_smallest_number_is_refused() =>
        Assert.Equal("amount.invalid", FoldHarness.WithMeter(Given.Flat()).Execute(0, new AdjustBalance(1, new(long.MinValue), "x")).Refusal!.Code);
}
