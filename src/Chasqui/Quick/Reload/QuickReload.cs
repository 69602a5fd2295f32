using Chasqui.Core.Config;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>Brings a running interface to what its file says, in one go: addresses, DNS, MTU, routes, rules, keys and peers.</summary>
/// <remarks>
/// Sessions and counters of peers that stay are kept. A step that fails undoes those before it. Commands of the file are not run.
/// Works in the calling thread's network namespace. Threads: one.
/// </remarks>
public sealed class QuickReload : IDisposable
{
    private readonly QuickComparison _comparison;
    private readonly QuickOptions _options;
    private readonly QuickTransaction _steps;

    private QuickReload(QuickComparison comparison, QuickOptions options)
    {
        _comparison = comparison;
        _options = options;
        _steps = new QuickTransaction(options.Log, BeforeStep);
    }

    /// <summary>Whether all is as the file says.</summary>
    public bool IsNothingToDo => _comparison.Plan.Steps.Count == 0;

    /// <summary>Compares a file with its interface. Changes nothing.</summary>
    /// <exception cref="QuickException">It is not up.</exception>
    /// <exception cref="ConfigException">A value in the file is wrong.</exception>
    public static QuickReload Prepare(QuickFile file, QuickOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        file.CheckNameServers();
        return new QuickReload(QuickComparison.Of(file, options), options);
    }

    /// <summary>Writes what would be done, as the commands that would do the same.</summary>
    public void WritePlan(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var steps = new PlanSteps(_comparison);
        foreach (PlannedStep step in _comparison.Plan.Steps)
        {
            output.WriteLine($"[#] {steps.Of(step).Words}");
        }
    }

    /// <summary>Writes what a person should know beside the steps: names that do not resolve, commands that are not run.</summary>
    public void WriteNotices(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (WgConfPeer peer in _comparison.Device.Endpoints.Unresolved)
        {
            output.WriteLine($"[!] the endpoint {ConfigException.Quote(peer.Endpoint?.Text)} does not resolve: this peer keeps the one that it has, or must speak first");
        }

        if (_comparison.HasOtherHooks)
        {
            output.WriteLine("[!] PreUp and PostUp are others than at the last up: reloading runs no commands, the next up does");
        }
    }

    /// <summary>Does it, telling each step.</summary>
    /// <exception cref="QuickException">A step failed, and what was done before it is undone.</exception>
    public void Apply()
    {
        var steps = new PlanSteps(_comparison);
        NoteWhatLeaves();
        try
        {
            foreach (PlannedStep step in _comparison.Plan.Steps)
            {
                _steps.Do(steps.Of(step));
            }
        }
        catch (QuickException)
        {
            RestoreNote();
            throw;
        }

        NewNote().Write(_options.StateFolder, _comparison.File.InterfaceName, _options.Log);
    }

    /// <summary>Undoes what <see cref="Apply"/> did; sessions of peers that went do not come back.</summary>
    /// <returns>Whether everything could be undone; what could not is told.</returns>
    public bool RollBack()
    {
        string name = _comparison.File.InterfaceName;
        if (!_comparison.Rtnetlink.TryGetLink(name, out LinkInfo link) || link.Index != _comparison.Link.Index)
        {
            return true; // with the interface went all that there was to undo
        }

        bool isWhole = _steps.RollBack();
        RestoreNote();
        return isWhole;
    }

    /// <summary>Zeroes the secrets; there is nothing to roll back to any more.</summary>
    public void Dispose() => _comparison.Dispose();

    /// <summary>
    /// For the next reload, if this one is killed: whose routes and rules these are is told by what peers are allowed and by other rules, which
    /// change before.
    /// </summary>
    private void NoteWhatLeaves()
    {
        QuickPlan plan = _comparison.Plan;
        RuleInfo[] rules =
        [
            .. plan.Steps.Where(static step => step is { Kind: PlannedStepKind.RemoveRule, Rule.SuppressPrefixLength: 0 }).Select(static step => step.Rule),
        ];
        if (_comparison.Note is { } note && plan.OldRoutes.Count + rules.Length > 0)
        {
            // Whether it can be written is told at the end.
            (note with { Leaving = plan.OldRoutes, LeavingRules = rules }).Write(_options.StateFolder, _comparison.File.InterfaceName, TextWriter.Null);
        }
    }

    private void RestoreNote()
    {
        string name = _comparison.File.InterfaceName;
        if (_comparison.Note is { } note)
        {
            note.Write(_options.StateFolder, name, _options.Log);
        }
        else
        {
            QuickNote.Delete(_options.StateFolder, name);
        }
    }

    private QuickNote NewNote()
    {
        QuickNote note = QuickNote.Of(_comparison.File, _comparison.Conf, _comparison.Link.Index);
        var endpoints = new Dictionary<string, string>(note.Endpoints);
        foreach (WgConfPeer peer in _comparison.Device.Endpoints.Unresolved)
        {
            // Not carried out: the next time it is looked up again, whatever the session does.
            _ = endpoints.Remove(peer.PublicKey.ToString());
        }

        return note with { Endpoints = endpoints, Hooks = _comparison.Note?.Hooks ?? note.Hooks };
    }

    private void BeforeStep(string words)
    {
        _options.Cancellation.ThrowIfCancellationRequested();
        _options.BeforeStep?.Invoke(words);
    }
}
