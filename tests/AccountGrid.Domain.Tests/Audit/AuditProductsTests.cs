using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;

namespace AccountGrid.Domain.Tests.Audit;

/// <summary>Which version an account is on from which day, as the audit works it out.</summary>
public sealed class AuditProductsTests
{
    /// <summary>Product a in versions 1, 2 from 10 March, 3 from 20 March; product b is version 4. The second agreement begins on 15 March.</summary>
    [Theory]
    [InlineData(1, true, 0, false, 0, "1@03-01 2@03-10 3@03-20")]
    [InlineData(1, true, 0, false, 2, "1@03-01 3@03-20")]
    [InlineData(1, false, 0, false, 0, "1@03-01")]
    [InlineData(2, false, 0, false, 2, "1@03-01 3@03-20")]
    [InlineData(1, true, 4, false, 0, "1@03-01 2@03-10 4@03-15")]
    [InlineData(4, true, 1, true, 0, "4@03-01 2@03-15 3@03-20")]
    [InlineData(4, true, 1, false, 0, "4@03-01 1@03-15")]
    public void What_is_held_follows_from_what_was_agreed(int first, bool follows, int second, bool secondFollows, int withdrawn, string held)
    {
        var tariffs = new (int Number, string Id, DateOnly? From)[] { (1, "a", null), (2, "a", new(2026, 3, 10)), (3, "a", new(2026, 3, 20)), (4, "b", null) }
            .ToDictionary(t => t.Number, t => new AuditTariff(t.Number, Given.Flat() with { Id = t.Id, EffectiveFrom = t.From }, t.Number == withdrawn));
        var agreed = new List<(int, int, bool)> { (Given.Day("2026-03-01"), first, follows) };
        if (second != 0)
        {
            agreed.Add((Given.Day("2026-03-15"), second, secondFollows));
        }

        Assert.Equal(held, string.Join(' ', AuditProducts.Held(agreed, tariffs).Select(t => $"{t.Tariff.Number}@{t.From:MM-dd}")));
    }
}
