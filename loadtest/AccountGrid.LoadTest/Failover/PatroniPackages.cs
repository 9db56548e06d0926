using AccountGrid.Host.Database;

namespace AccountGrid.LoadTest.Failover;

/// <summary>Installs Debian's Patroni and etcd where they are missing, without the services that the packages would start.</summary>
internal static class PatroniPackages
{
    public const string Patroni = "/usr/bin/patroni";
    public const string Etcd = "/usr/bin/etcd";

    private const string PolicyFile = "/usr/sbin/policy-rc.d";
    private const string AptGet = "/usr/bin/apt-get";

    /// <summary>Throws <see cref="StartException"/> where something is missing and cannot be installed.</summary>
    public static async Task InstallAsync(Action<string> say)
    {
        string[] missing = [.. new[] { (Patroni, "patroni"), (Etcd, "etcd-server") }.Where(p => !File.Exists(p.Item1)).Select(p => p.Item2)];
        missing = EmbeddedPostgres.FindBinaries() is null ? [.. missing, "postgresql"] : missing;
        if (missing.Length == 0)
        {
            return;
        }

        if (!DataFolder.IsRoot || !File.Exists(AptGet))
        {
            throw new StartException($"Missing: {string.Join(", ", missing)}. Install your distribution's packages, then run this again.");
        }

        say($"Installing {string.Join(", ", missing)}...");
        var hasPolicy = File.Exists(PolicyFile);
        try
        {
            if (!hasPolicy)
            {
                await File.WriteAllTextAsync(PolicyFile, "#!/bin/sh\nexit 101\n");
                File.SetUnixFileMode(PolicyFile, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            await SystemTool.RunAsync(AptGet, ["update", "-q"]);
            var (status, output) = await SystemTool.RunAsync(AptGet, ["install", "-y", "-q", "--no-install-recommends", .. missing]);
            if (status != 0)
            {
                throw new StartException($"{string.Join(", ", missing)} could not be installed: {output.Trim().Split('\n')[^1]}");
            }
        }
        finally
        {
            if (!hasPolicy)
            {
                File.Delete(PolicyFile);
            }
        }
    }
}
