namespace AccountGrid.Host.OperatorConsole;

/// <summary>One thing that an operator enters.</summary>
/// <param name="Name">The member of the API's request, or a part of its path.</param>
/// <param name="Choices">The values of a choice.</param>
public sealed record ConsoleField(string Name, ConsoleFieldKind Kind, bool IsRequired = true, IReadOnlyList<string>? Choices = null)
{
    public bool IsSecret => Kind == ConsoleFieldKind.Secret;
}
