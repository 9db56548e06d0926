namespace AccountGrid.Host.OperatorConsole;

/// <summary>The form of a file, and what the API said of one that was sent.</summary>
/// <param name="Channel">Whose file it is; null where it is of none.</param>
/// <param name="Answer">What was read of it; null where nothing was sent, or it was refused.</param>
/// <param name="Error">Why it was refused.</param>
/// <param name="Errors">Each line that is wrong.</param>
public sealed record FileModel(
    FileKind Kind, string? Channel, IReadOnlyList<(string Name, string Value)>? Answer = null, string? Error = null, IReadOnlyList<string>? Errors = null)
{
    public string Address => ConsoleLinks.List($"/console/files/{Kind.Name}", ("channel", Channel));
}
