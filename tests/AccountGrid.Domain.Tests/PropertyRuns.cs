using System.Globalization;

namespace AccountGrid.Domain.Tests;

/// <summary>How many examples a property is tried on. Mutation testing runs all tests once for each mutant, and sets a divisor.</summary>
internal static class PropertyRuns
{
    private static readonly int Divisor = int.Parse(Environment.GetEnvironmentVariable("ACCOUNTGRID_PROPERTY_DIVISOR") ?? "1", CultureInfo.InvariantCulture);

    public static int Of(int examples) => Math.Max(1, examples / Divisor);
}
