namespace AccountGrid.Host.Operations;

/// <summary>A setting as it is in force in the process that answers.</summary>
/// <param name="Name">As an environment variable, such as <c>Grid__Partitions</c>.</param>
/// <param name="Value"><c>***</c> where it is set and may be a secret.</param>
/// <param name="Default">What holds where nothing is set.</param>
/// <param name="Range">What can be set; empty is any text.</param>
/// <param name="Text">What it is, with its unit.</param>
/// <param name="IsChanged">The value is not the default.</param>
public sealed record SettingAnswer(string Name, string Value, string Default, string Range, string Text, bool IsChanged);
