namespace AccountGrid.Host.Operations;

/// <summary>The configuration that one process runs with.</summary>
/// <param name="Process">The silo's address of the process that answered: others may have other values.</param>
public sealed record ConfigurationAnswer(string Process, IReadOnlyList<SettingAnswer> Settings);
