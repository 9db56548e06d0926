using System.Globalization;
using System.Text.RegularExpressions;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Database;
using AccountGrid.Testing;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using YamlDotNet.Serialization;

namespace AccountGrid.Host.Tests;

/// <summary>
/// No cluster is at hand: the manifests are read strictly by the official client's types, which refuse what they do not know, and held against the program's
/// settings, verbs, ports and times. The unit is checked by systemd itself where it is installed.
/// </summary>
public sealed partial class DeploymentTests(GridFixture grid)
{
    private static string Folder => Path.Combine(ComposeFile.Root, "deploy");

    private static string Unit => Path.Combine(Folder, "systemd", "accountgrid.service");

    [Fact]
    public void Every_manifest_is_one_of_Kubernetes_and_the_list_names_them_all()
    {
        var folder = Path.Combine(Folder, "kubernetes");
        var list = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(Path.Combine(folder, "kustomization.yaml")));
        var named = ((List<object>)list["resources"]).Cast<string>().Order(StringComparer.Ordinal);
        Assert.Equal(named, Directory.EnumerateFiles(folder, "*.yaml").Select(f => Path.GetFileName(f)).Where(f => f != "kustomization.yaml")
            .Order(StringComparer.Ordinal));
        Assert.Equal(7, Manifests().Count);
        Assert.DoesNotContain(Manifests(), m => m is V1Secret);
        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => KubernetesYaml.LoadAllFromString(
            File.ReadAllText(Path.Combine(folder, "deployment.yaml")).Replace("maxSurge", "maxSurgery", StringComparison.Ordinal), null, strict: true));
    }

    /// <summary>What it does to a backup needs pgBackRest, and is tried by hand: docs/failover.md.</summary>
    [Fact]
    public async Task The_restore_drill_refuses_what_it_does_not_know_and_to_run_as_root()
    {
        var script = Path.Combine(Folder, "pgbackrest", "restore-drill");
        var (status, said) = await SystemTool.RunAsync("/bin/bash", [script, "--what"]);
        Assert.Equal((2, "restore-drill: '--what' is no option; there are --stanza, --database, --accountgrid and --scratch."), (status, said.Trim()));
        if (DataFolder.IsRoot)
        {
            (status, said) = await SystemTool.RunAsync("/bin/bash", [script]);
            Assert.Equal(2, status);
            Assert.StartsWith("restore-drill: run it as the database's user", said, StringComparison.Ordinal);
        }

        Assert.Empty(CommandLine.Root().Parse(["audit", "--stored", "--data", "x"]).Errors);
    }

    [Fact]
    public void A_rollout_takes_no_pod_away_before_another_is_ready_and_a_stop_has_its_time()
    {
        var deployment = Of<V1Deployment>();
        Assert.Equal(("0", "1"), (deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value, deployment.Spec.Strategy.RollingUpdate.MaxSurge.Value));
        Assert.Equal("1", Of<V1PodDisruptionBudget>().Spec.MaxUnavailable.Value);
        Assert.True(deployment.Spec.Replicas >= 3);
        var pod = deployment.Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);
        var stop = grid.Host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        Assert.True(pod.TerminationGracePeriodSeconds > stop.TotalSeconds + container.Lifecycle.PreStop.Sleep.Seconds + 10);
        Assert.Equal(["/health/startup", "/health/ready", "/health/live"],
            new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }.Select(p => p.HttpGet.Path));

        // All pods and the one that a rollout adds share the database's connections.
        Assert.Equal(deployment.Spec.Replicas + 1, int.Parse(Of<V1ConfigMap>().Data["Grid__Silos"], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_pod_is_nobody_and_writes_only_to_its_volumes()
    {
        var pod = Of<V1Deployment>().Spec.Template.Spec;
        var container = pod.Containers[0];
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Contains($"USER {pod.SecurityContext.RunAsUser}\n", File.ReadAllText(Path.Combine(ComposeFile.Root, "Dockerfile")), StringComparison.Ordinal);
        Assert.Equal((true, false, "ALL"), (container.SecurityContext.ReadOnlyRootFilesystem, container.SecurityContext.AllowPrivilegeEscalation,
            Assert.Single(container.SecurityContext.Capabilities.Drop)));
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.Equal(["/data", "/tmp"], container.VolumeMounts.Select(v => v.MountPath));
        Assert.All(container.VolumeMounts, m => Assert.Contains(pod.Volumes, v => v.Name == m.Name));
        Assert.Equal(["/opt/accountgrid/accountgrid"], ComposeFile.EntryPoint());
        Assert.Null(container.Command);
        Assert.All(new[] { [.. container.Args], ComposeFile.Arguments() }, a => Assert.Empty(CommandLine.Root().Parse(a).Errors));
        Assert.NotNull(container.Resources.Requests["memory"]);
        Assert.NotNull(container.Resources.Limits["memory"]);
    }

    [Fact]
    public void Names_of_settings_ports_and_labels_are_known_to_those_that_they_are_for()
    {
        var (deployment, configuration) = (Of<V1Deployment>(), Of<V1ConfigMap>().Data);
        var container = deployment.Spec.Template.Spec.Containers[0];
        string[] ofPod = ["Grid__SiloAddress", "Telemetry__MetricsAddress"];
        Assert.All(configuration.Keys.Concat(container.Env.Select(e => e.Name)), AssertSetting);
        Assert.All(ofPod, n => Assert.Equal("status.podIP", container.Env.Single(e => e.Name == n).ValueFrom.FieldRef.FieldPath));
        Assert.All(container.Env.Where(e => !ofPod.Contains(e.Name)), e => Assert.NotNull(e.ValueFrom.SecretKeyRef));
        var ports = container.Ports.ToDictionary(p => p.Name, p => p.ContainerPort.ToString(CultureInfo.InvariantCulture));
        Assert.Equal((configuration["Grid__SiloPort"], configuration["Telemetry__MetricsPort"], "5080"), (ports["silo"], ports["metrics"], ports["http"]));
        Assert.Equal(configuration["Telemetry__MetricsPort"], deployment.Spec.Template.Metadata.Annotations["prometheus.io/port"]);
        var labels = deployment.Spec.Template.Metadata.Labels;
        Assert.All(
            new[] { deployment.Spec.Selector.MatchLabels, Of<V1Service>().Spec.Selector, Of<V1PodDisruptionBudget>().Spec.Selector.MatchLabels,
                Of<V1NetworkPolicy>().Spec.PodSelector.MatchLabels },
            s => Assert.Equal(labels, s));
        Assert.Equal("http", Of<V1Service>().Spec.Ports[0].TargetPort.Value);
        Assert.Equal(deployment.Spec.Template.Spec.ServiceAccountName, Of<V1ServiceAccount>().Metadata.Name);
    }

    [Fact]
    public void The_unit_starts_a_verb_that_exists_and_gives_a_stop_its_time()
    {
        var unit = File.ReadAllText(Unit);
        var start = ExecStart().Match(unit).Groups["arguments"].Value;
        Assert.Empty(CommandLine.Root().Parse(start).Errors);
        var stop = grid.Host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        Assert.True(int.Parse(StopTime().Match(unit).Groups[1].Value, CultureInfo.InvariantCulture) > stop.TotalSeconds);
        Assert.All(SettingName().Matches(unit).Select(m => m.Value), AssertSetting);
        Assert.Contains("NoNewPrivileges=true\n", unit, StringComparison.Ordinal);
    }

    /// <summary>systemd's own check, with a program that is there in the place of the grid's.</summary>
    [Fact]
    public async Task The_unit_is_one_of_systemd()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed.");
        var folder = Directory.CreateTempSubdirectory("ag-unit-");
        try
        {
            var file = Path.Combine(folder.FullName, "accountgrid.service");
            await File.WriteAllTextAsync(file, File.ReadAllText(Unit).Replace("/opt/accountgrid/accountgrid ", "/bin/true ", StringComparison.Ordinal));
            Assert.Equal((0, ""), await SystemTool.RunAsync("/usr/bin/systemd-analyze", ["verify", file]));
            await File.AppendAllTextAsync(file, "[Service]\nNoSuchThing=1\n");
            Assert.Contains("NoSuchThing", (await SystemTool.RunAsync("/usr/bin/systemd-analyze", ["verify", file])).Item2, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertSetting(string name) =>
        Assert.True(name == "ConnectionStrings__AccountGrid" || Settings.Value.Contains($"| `{name}` |", StringComparison.Ordinal), $"{name} is no setting.");

    private static readonly Lazy<string> Settings = new(() => File.ReadAllText(Path.Combine(ComposeFile.Root, "docs", "settings.md")));

    private static T Of<T>() => Assert.Single(Manifests().OfType<T>());

    private static List<object> Manifests() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Folder, "kubernetes"), "*.yaml").Where(f => Path.GetFileName(f) != "kustomization.yaml")
            .SelectMany(f => KubernetesYaml.LoadAllFromString(File.ReadAllText(f), null, strict: true)),
    ];

    [GeneratedRegex("^ExecStart=/opt/accountgrid/accountgrid (?<arguments>.*)$", RegexOptions.Multiline)]
    private static partial Regex ExecStart();

    [GeneratedRegex("^TimeoutStopSec=([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex StopTime();

    [GeneratedRegex("[A-Z][A-Za-z]+__[A-Za-z_]+")]
    private static partial Regex SettingName();
}
