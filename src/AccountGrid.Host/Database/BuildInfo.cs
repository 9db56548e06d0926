using System.Reflection;

namespace AccountGrid.Host.Database;

/// <summary>What this build is.</summary>
internal static class BuildInfo
{
    /// <summary>The release's number, as <c>--version</c> prints it: <c>VersionPrefix</c> of Directory.Build.props.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
