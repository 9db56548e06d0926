using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>What dotnet pack makes of the projects that are packages.</summary>
public sealed class PackageTests
{
    private static readonly string[] Packages = ["AccountGrid.Client", "AccountGrid.Contracts", "AccountGrid.Streams.Postgres"];

    [Fact]
    public async Task Packages_have_one_version_a_readme_documentation_and_symbols_and_need_none_of_the_others()
    {
        using var folder = new TemporaryFolder();
        var build = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var versions = new HashSet<string>();
        foreach (var package in Packages)
        {
            await PackAsync(Path.Combine(Example.Root, "src", package), build, folder.Path);
            var file = Assert.Single(Directory.GetFiles(folder.Path, $"{package}.*.nupkg"));
            Assert.True(File.Exists(Path.ChangeExtension(file, ".snupkg")));
            using var zip = ZipFile.OpenRead(file);
            var names = zip.Entries.Select(e => e.FullName).ToList();
            Assert.Contains("README.md", names);
            Assert.Contains($"lib/net10.0/{package}.dll", names);
            Assert.Contains($"lib/net10.0/{package}.xml", names);
            await using var text = zip.GetEntry($"{package}.nuspec")!.Open();
            var metadata = (await XDocument.LoadAsync(text, LoadOptions.None, TestContext.Current.CancellationToken)).Root!.Elements().First();
            string? Value(string name) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
            Assert.Equal("README.md", Value("readme"));
            Assert.NotNull(Value("description"));
            versions.Add(Value("version")!);
            Assert.DoesNotContain(metadata.Descendants(), e => e.Attribute("id")?.Value.StartsWith("AccountGrid", StringComparison.Ordinal) == true);
        }

        Assert.Single(versions);
    }

    [Fact]
    public void The_client_needs_nothing_but_the_framework_and_its_extensions()
    {
        string[] allowed = ["System.", "Microsoft.Extensions."];
        var needed = typeof(AccountGrid.Client.GatewayClient).Assembly.GetReferencedAssemblies().Select(a => a.Name!);
        Assert.All(needed, n => Assert.Contains(allowed, a => n.StartsWith(a, StringComparison.Ordinal)));
    }

    private static async Task PackAsync(string project, string build, string output)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "pack", project, "-c", build, "--no-build", "--nologo", "-v", "quiet", "-nodeReuse:false", "-o", output })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
    }
}
