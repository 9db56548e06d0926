using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Tests.Accounts;

/// <summary>What one person may move on an account, at the borders.</summary>
public sealed class UnapprovedSumTests
{
    [Theory]
    [InlineData(0, 0, 100, 1_000, null, true)]
    [InlineData(0, 0, 100, 1_000.01, null, false)]
    [InlineData(0, 0, 100, -1_000.01, null, false)]
    [InlineData(0, 0, 100, 1_000.01, "b", true)]
    [InlineData(0, 0, 100, 1_000.01, "a", false)]
    [InlineData(0, 0, 100, 1_000.01, "", false)]
    [InlineData(100, 900, 100, 100, null, true)]
    [InlineData(100, 900, 100, 100.01, null, false)]
    [InlineData(100, 900, 100, -100.01, null, false)]
    [InlineData(100, 900, 129, 100.01, null, false)]
    [InlineData(100, 900, 130, 1_000, null, true)]
    [InlineData(100, 900, 130, 1_000.01, null, false)]
    public void One_person_may_move_so_much_in_thirty_days(int since, double before, int day, double amount, string? approvedBy, bool may)
    {
        var sum = new UnapprovedSum(since, new(Nano(before)));
        Assert.Equal(may, Approvals.Check(sum, day, new(Nano(amount)), new(Limits.UnapprovedMaxNano), "a", approvedBy) is null);
    }

    private static long Nano(double units) => (long)((decimal)units * Money.NanoPerUnit);
}
