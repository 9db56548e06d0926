namespace AccountGrid.Host.OperatorConsole;

/// <summary>A part of the navigation: one page, or several with a navigation of their own.</summary>
/// <param name="Text">Key of its text.</param>
internal sealed record ConsoleSection(string Text, IReadOnlyList<ConsoleSectionPage> Pages);
