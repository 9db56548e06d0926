namespace AccountGrid.Domain;

/// <summary>What was asked for needs a format version that is not in force yet. Nothing was written.</summary>
/// <param name="needed">The format version that it needs.</param>
/// <param name="inForce">The format version in force.</param>
public sealed class FormatNotInForceException(int needed, int inForce) : Exception(
    $"This needs format version {needed}, and {inForce} is in force: all processes must be of the new release, and 'accountgrid upgrade finish' must have been "
        + "run.");
