using AccountGrid.Host.Operations;

namespace AccountGrid.Host.Hosting;

/// <summary>Settings that belong together.</summary>
/// <param name="Name">As it begins the names of its settings.</param>
internal sealed record SettingSection(string Name, string Text, IReadOnlyList<SettingAnswer> Settings);
