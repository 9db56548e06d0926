using System.Globalization;

namespace AccountGrid.LoadTest.Tests;

/// <summary>
/// Seeds of simulations. The tests run the same ones each time, so that a run that fails does so by what was changed; the verbs <c>year</c> and <c>simulate</c>
/// draw others, and <c>ACCOUNTGRID_SEED</c> gives another one to the tests.
/// </summary>
internal static class Seeds
{
    /// <summary>The seed that the environment names, else the test's own.</summary>
    public static int Or(int own) =>
        Environment.GetEnvironmentVariable("ACCOUNTGRID_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : own;
}
