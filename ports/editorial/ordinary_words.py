"""Service names that are words of everyday language too, or that people write for what they mean.

In prose `domain` is a domain and `rsync` the program: nobody means the cell of the registry by it.
Only names of four letters and more, in small letters alone, need to stand here: see
`ports.editorial.typed_facts`.
"""

from typing import Final

_WORDS: Final = """
about affiliate airport alarm alchemy alias amanda asia attune audit aurora avatars avenue babel
base batman beacon beamer beep bender bittorrent blackboard blackjack blaze blockade blocks bolt
bones bookworm boomerang brain bruce business camp carousel catalyst centerline chaos cheat
checksum chess chili chipper classic clipboard clique clock coherence collaborator collection
commerce conductor conference confluent connect connected connection conspiracy converge copy
courier curiosity cypress dawn daytime device diameter dict dictation direct discard disclose
disconnect display distinct docker documentum domain dossier down dragonfly drip drizzle echo
embrace encore example excerpt excerpts exec find finger firefox fish florence found freehand frog
genie globe gnunet golem gopher graphics grasp grid griffin groove hassle hawk heartbeat help
hermes hostname http https husky hybrid hydra icmp ident identify igmp imap imaps imip impera
influence informer inspect integral interact iscsi item jargon journee jukebox kana kerberos kermit
kink kiosk klogin kshell labyrinth landmarks larp ldap ldaps leaf lexicon liaison library light
link lobby login lyrics maestro mail mailbox matrix matter memcache mercantile metasys mice mimer
mongodb monitor mother mqtt multiplex mumble munin muse myrtle mysql name nameserver nessus netnews
netperf netrek news nicname nmap nntp nomad nucleus objective octopus openvpn oracle orbiter orion
pads parallel parity patrol pegasus persona personnel pipes polestar postgresql powerburst presence
press privilege privoxy profile programmar prospero pump puppet puzzle quad quake quotad quote
radio radius rancher razor recipe redis registrar relief remote retrospect rise router rsync sacred
sanity saratoga savant scanner scone scrabble search semaphore send sentinel seraph services shell
shifter ship signal silhouette simon skype smile smtp smux snap snare snmp soap socks solve sonar
spartan spice spike starfish stars stun submission submissions submit suitcase supercell supple
surf swarm switcher synapse synergy syslog tacacs talk tango tapestry tell telnet tempo tentacle
terabase timbuktu time timed toad traceroute track tragic transact traversal trim trip tripe
tripwire tryst tunnel turn turns unify unite upgrade users venus veracity visa volley vulture vxlan
warehouse weave webaccess webdav whisker whistler wired wizard workflow workgroup workstation
wormhole xbox yawn
"""

ORDINARY_WORDS: Final = frozenset(_WORDS.split())
"""Chosen by hand from the names in the registry."""
