using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: the project's own build settings are those that ship, and a machine without a second checkout runs it too.
BenchmarkSwitcher.FromAssembly(typeof(AccountGrid.Benchmarks.Town).Assembly)
    .Run(args, DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
