namespace AccountGrid.Host.OperatorConsole;

/// <summary>The form of an action, or what it is about to do.</summary>
/// <param name="Id">Of what it is done with.</param>
/// <param name="Back">Where to go afterwards.</param>
/// <param name="Zone">In which times are entered.</param>
/// <param name="Key">Idempotency key of this entry: a form that is sent twice is done once.</param>
/// <param name="Wrong">Fields that are wrong, with the text that says how.</param>
/// <param name="Error">What the API said.</param>
public sealed record ActionModel(
    ConsoleAction Action, string? Id, string Back, string Zone, string Key, IReadOnlyDictionary<string, string> Entered,
    IReadOnlyDictionary<string, string> Wrong, string? Error = null, string? Code = null)
{
    /// <summary>Everything is entered, and shown once more before it is done.</summary>
    public bool IsConfirming { get; init; }

    /// <summary>What a dry run says that it comes to: members of the API's answer.</summary>
    public IReadOnlyList<(string Name, string Value)> Outcome { get; init; } = [];

    /// <summary>The balance now, and with the change; null where it does not move, or may not be seen.</summary>
    public string? Before { get; init; }

    public string? After { get; init; }

    public string Address => Id is null ? $"/console/do/{Action.Name}" : $"/console/do/{Action.Name}?id={Uri.EscapeDataString(Id)}";
}
