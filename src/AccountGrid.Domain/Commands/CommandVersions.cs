using AccountGrid.Faults;

namespace AccountGrid.Domain.Commands;

/// <summary>
/// Types of commands that the first release does not know, with the format version that brings each. A process of an older release does not go on behind a type
/// that it does not know, so it is not written before its version is in force.
/// </summary>
public static class CommandVersions
{
    private static readonly Dictionary<Type, int> Later = NextFormat.IsOn ? new() { [typeof(PromisePayment)] = FormatVersion.Oldest + 1 } : [];

    /// <summary>The format version that brings a type of command.</summary>
    public static int Of(Type command) => Later.GetValueOrDefault(command, FormatVersion.Oldest);

    /// <summary>Whether a type of command may be written now. What the grid writes by itself asks before.</summary>
    public static bool IsInForce(Type command) => Of(command) <= FormatVersion.InForce;
}
