namespace AccountGrid.LoadTest.Simulation;

internal static class SimCheck
{
    public static void That(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimViolation(otherwise);
        }
    }
}
