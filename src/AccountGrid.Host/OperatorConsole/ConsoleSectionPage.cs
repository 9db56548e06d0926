namespace AccountGrid.Host.OperatorConsole;

/// <summary>A page of a section.</summary>
/// <param name="Text">Key of its text.</param>
/// <param name="Path">Its address; what lies below belongs to it.</param>
/// <param name="Needs">Route of the API that a role must be able to ask, so that the page is of use.</param>
/// <param name="Below">Addresses of further pages that belong to it.</param>
internal sealed record ConsoleSectionPage(string Text, string Path, string Needs, params IReadOnlyList<string> Below)
{
    public bool Has(string path) =>
        Below.Append(Path).Any(p => path == p || path.StartsWith(p + "/", StringComparison.Ordinal) || path.StartsWith(p + "?", StringComparison.Ordinal));
}
